/** A one-time link by which a person gets back in. The row goes when the link is used, replaced or has run out. */
export interface RecoveryLinkTable {
  user_id: string
  /** A link replaces the one before of the same origin only: who asks for mail cannot end what an administrator gave. */
  origin: 'given' | 'mail'
  /** SHA-256 of the secret in the link, hex. */
  hash: string
  /** Whether the link sets a new password. */
  password: 0 | 1
  /** Whether the link removes the second factor. */
  second_factor: 0 | 1
  /** The workspace whose administrator made it; null for the operator, the command line and mail. */
  workspace_id: string | null
  /** Null for the command line and mail. */
  made_by: string | null
  created_at: string
  expires_at: string
}
