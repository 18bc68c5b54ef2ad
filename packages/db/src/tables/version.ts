/** A saved state of a bot. A trigger refuses every update. */
export interface VersionTable {
  id: string
  bot_id: string
  name: string
  description: string
  note: string
  /** SHA-256 over the canonical document and the code's hash, hex. */
  content_hash: string
  /** JSON: the bot's document at that moment. */
  document: string
  code_blob: string | null
  /** The version that was current when this one was saved. */
  parent_id: string | null
  author_id: string | null
  created_at: string
}

/** Append-only: the last row of a bot says which version is current. */
export interface DeploymentTable {
  id: string
  bot_id: string
  version_id: string
  previous_version_id: string | null
  kind: 'deploy' | 'rollback' | 'publish' | 'update'
  note: string
  deployed_by: string | null
  at: string
}
