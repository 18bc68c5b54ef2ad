/** Tables of the audit trail beside the records, which the core writes. */
export interface AuditTables {
  audit_checkpoint: AuditCheckpointTable
  signing_key: SigningKeyTable
}

/** The head of a chain, signed with the installation's Ed25519 key. */
export interface AuditCheckpointTable {
  lane_id: string
  seq: number
  head: string
  at: string
  key_id: string
  signature: string
}

/** A key of the installation that signs checkpoints, the newest with the highest number. Rows never change. */
export interface SigningKeyTable {
  number: number
  /** SPKI PEM. */
  public_key: string
  since: string
  /** By this key, over itself and the key before it: so the newest vouches for all. */
  signature: string
}
