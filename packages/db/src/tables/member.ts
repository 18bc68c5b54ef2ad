export type Role = 'viewer' | 'billing' | 'developer' | 'manager' | 'administrator' | 'owner'

/** A person's place in a workspace. A partial unique index allows one owner each: never two. */
export interface MemberTable {
  id: string
  workspace_id: string
  /** Null until the invited person has accepted. */
  user_id: string | null
  email: string
  role: Role
  created_at: string
  updated_at: string
}

export interface InvitationTable {
  id: string
  workspace_id: string
  member_id: string
  /** SHA-256 of the secret in the link, hex. */
  hash: string
  invited_by: string | null
  created_at: string
  expires_at: string
}

/** An invitation that was accepted: its link leads its member, and nobody else, to the workspace. */
export interface UsedInvitationTable {
  /** SHA-256 of the secret in the link, hex. */
  hash: string
  member_id: string
}
