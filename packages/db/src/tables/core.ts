/** Tables of the core. One line per table. */
export interface CoreTables {
  preference: PreferenceTable
  mail_count: MailCountTable
  rate_count: RateCountTable
  blob: BlobTable
  blob_chunk: BlobChunkTable
  installation: InstallationTable
  lane: LaneTable
  change: ChangeTable
  outbox: OutboxTable
  idempotency: IdempotencyTable
  audit_record: AuditRecordTable
  audit_payload: AuditPayloadTable
}

/** One row per workspace, account, user or installation: the serial lane that every change to it takes. */
export interface LaneTable {
  /** Id of the workspace, account or user; `instance` for the installation. */
  id: string
  kind: 'workspace' | 'account' | 'user' | 'instance'
  /** Counts the changes, without gaps. */
  version: number
  /** Sequence number and hash of the newest audit record. */
  audit_seq: number
  audit_head: string
}

/** The newest change of each entity, deletions included: what a reader that follows a lane needs. */
export interface ChangeTable {
  lane_id: string
  type: string
  entity_id: string
  version: number
  deleted: 0 | 1
}

/** Work promised by a commit and done after it, at least once. */
export interface OutboxTable {
  id: string
  lane_id: string
  topic: string
  /** JSON. */
  payload: string
  created_at: string
  /** Not before this time; moves on with each failed attempt. */
  run_after: string
  attempts: number
  last_error: string | null
}

/** The stored answer of a mutation that was sent with an idempotency key. */
export interface IdempotencyTable {
  actor_id: string
  key: string
  request_hash: string
  /** The answer as sealed JSON: it may hold a value that is shown once. */
  answer: string
  created_at: string
}

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

/** A large body by its content. A row exists once the whole body is stored and verified. */
export interface BlobTable {
  /** SHA-256, hex. */
  hash: string
  /** Bytes. */
  size: number
  created_at: string
  /** Since when it is out of use, to be deleted days later. */
  set_aside_at: string | null
}

/** Bodies of blobs where servers share a database; embedded installations keep files instead. */
export interface BlobChunkTable {
  hash: string
  seq: number
  data: Uint8Array
}

export interface PreferenceTable {
  /** `instance` for what belongs to the installation, such as the set-up code. */
  owner_kind: 'user' | 'workspace' | 'instance'
  owner_id: string
  key: string
  /** JSON. */
  value: string
  updated_at: string
}

/** One row: the name of this installation, which its blobs bear too. It never changes. */
export interface InstallationTable {
  /** Always 1. */
  number: number
  /** Random, made at the first start. */
  id: string
  created_at: string
}

/** How many mails people had sent on one day; rows go when it is over. */
export interface MailCountTable {
  /** `to:` or `by:` with a keyed hash of the address or the person. */
  subject: string
  /** Such as `2026-11-30`, in UTC. */
  day: string
  mails: number
}

/** Calls that all servers together have admitted of one caller in one window of time; rows go when it slides out. */
export interface RateCountTable {
  /** Seconds since 1970, UTC. */
  since: number
  /** A keyed hash of whoever calls. */
  caller: string
  calls: number
}
