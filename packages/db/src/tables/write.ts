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
