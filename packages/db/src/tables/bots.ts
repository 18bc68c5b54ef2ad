/** Tables of bots. */
export interface BotsTables {
  bot: BotTable
  bot_tag: BotTagTable
  bot_secret: BotSecretTable
  bot_signing_secret: SigningSecretTable
  bot_key: BotKeyTable
  bot_access: BotAccessTable
  version: VersionTable
  deployment: DeploymentTable
}

export interface BotTable {
  id: string
  workspace_id: string
  name: string
  description: string
  type: string
  status: string
  dev: 0 | 1
  always_alive: 0 | 1
  blocked: 0 | 1
  url: string | null
  authentication: string | null
  /** Seconds. */
  max_execution_time: number | null
  access: 'ALL_WORKSPACE_USERS' | 'SELECTED_USERS'
  /** JSON object of strings; repeated in bot_tag for filtering. */
  tags: string
  /** JSON: the definition maps (configuration, events, actions, states, …). */
  document: string
  /** SHA-256 of the deployed code, hex. By its name the column names blobs: see `blobNames`. */
  code_blob: string | null
  current_version_id: string | null
  created_by: string | null
  created_at: string
  updated_at: string
  deployed_at: string | null
}

export interface BotTagTable {
  bot_id: string
  workspace_id: string
  key: string
  value: string
}

export interface BotSecretTable {
  bot_id: string
  name: string
  /** Sealed with the installation's key. */
  sealed: string
}

/** The newest row without an end is current; older ones stay good until `expires_at`. */
export interface SigningSecretTable {
  id: string
  bot_id: string
  sealed: string
  created_at: string
  expires_at: string | null
}

export interface BotKeyTable {
  id: string
  bot_id: string
  note: string
  /** SHA-256 of the value, hex. */
  hash: string
  created_by: string | null
  created_at: string
  expires_at: string | null
  last_used_at: string | null
}

/** Who can see a bot whose access is SELECTED_USERS. */
export interface BotAccessTable {
  bot_id: string
  user_id: string
}

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
