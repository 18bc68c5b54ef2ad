/** One link of a lane's audit chain: hash = SHA-256 over seq, prev, the header and the payload's hash. */
export interface AuditRecordTable {
  id: string
  lane_id: string
  seq: number
  prev: string
  hash: string
  at: string
  actor_kind: string
  actor_id: string | null
  action: string
  /** The procedure that was called. */
  operation: string
  resource_type: string
  resource_id: string | null
  request_id: string
  payload_hash: string
}

/** What can be erased without breaking the chain: names, addresses, before and after. */
export interface AuditPayloadTable {
  record_id: string
  salt: string
  /** JSON, canonical. */
  payload: string
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
