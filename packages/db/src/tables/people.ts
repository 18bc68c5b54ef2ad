/** Tables of people, accounts, workspaces and members. */
export interface PeopleTables {
  user: UserTable
  personal_access_token: PersonalAccessTokenTable
  session: SessionTable
  sign_in_method: SignInMethodTable
  verification: VerificationTable
  two_factor: TwoFactorTable
  recovery_link: RecoveryLinkTable
  sign_in_guess: SignInGuessTable
  account: AccountTable
  account_administrator: AccountAdministratorTable
  workspace: WorkspaceTable
  workspace_transfer: WorkspaceTransferTable
  member: MemberTable
  invitation: InvitationTable
  used_invitation: UsedInvitationTable
}

/** A person who can sign in. The contract calls this "account"; ours is the customer (see account.ts). */
export interface UserTable {
  /** UUID, as the contract declares user ids. */
  id: string
  /** Lower case; unique. */
  email: string
  email_verified: 0 | 1
  display_name: string
  picture: string | null
  /** 1 for whoever operates this installation. */
  operator: 0 | 1
  /** 0 until the owner made at first start has chosen an email and a password. */
  claimed: 0 | 1
  two_factor_enabled: 0 | 1
  created_at: string
  updated_at: string
}

export interface PersonalAccessTokenTable {
  id: string
  user_id: string
  note: string
  /** SHA-256 of the value, hex. */
  hash: string
  /** The value before the last rotation stays good until `previous_until`. */
  previous_hash: string | null
  previous_until: string | null
  /** JSON array of scopes; null = all the person may do. */
  scopes: string | null
  /** The only workspace the token may touch; null = all of the person's. */
  workspace_id: string | null
  created_at: string
  expires_at: string | null
  last_used_at: string | null
}

// The sign-in library's own tables, under our names and column style. Only the library and `me` read them.

export interface SessionTable {
  id: string
  user_id: string
  /** SHA-256 of the session token, hex. */
  token: string
  expires_at: string
  ip_address: string | null
  user_agent: string | null
  created_at: string
  updated_at: string
  /** When the person last proved again who they are; null = not since the sign-in. */
  confirmed_at: string | null
  /** 1 when a provider that is trusted with the second factor opened it. */
  second_factor: 0 | 1
}

/** A way one person signs in: a password, or an identity at a provider. */
export interface SignInMethodTable {
  id: string
  user_id: string
  provider_id: string
  provider_user_id: string
  password: string | null
  access_token: string | null
  refresh_token: string | null
  id_token: string | null
  access_token_expires_at: string | null
  refresh_token_expires_at: string | null
  scope: string | null
  created_at: string
  updated_at: string
}

export interface VerificationTable {
  id: string
  identifier: string
  value: string
  expires_at: string
  created_at: string
  updated_at: string
}

export interface TwoFactorTable {
  id: string
  user_id: string
  secret: string
  backup_codes: string
  verified: 0 | 1
  /** Wrong codes since the last right one; too many lock the second factor until `locked_until`. */
  failed_verification_count: number
  locked_until: string | null
  /** The time step (RFC 6238) of the last code that was taken: no earlier one is. */
  last_step: number | null
}

/** Wrong passwords and codes, counted for an account, a browser that is known there, or a caller’s address. */
export interface SignInGuessTable {
  /** `account:`, `code:`, `device:` or `address:` with a keyed hash of it. */
  subject: string
  failures: number
  last_at: string
}

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

/** The customer: an organisation or a person. Owns workspaces and pays. */
export interface AccountTable {
  id: string
  kind: 'organization' | 'individual'
  name: string
  legal_name: string | null
  tax_id: string | null
  contact_email: string | null
  billing_email: string | null
  /** JSON: lines, city, postal code, country. */
  billing_address: string | null
  /** The person of an individual account; one each. */
  user_id: string | null
  created_at: string
  updated_at: string
}

export interface AccountAdministratorTable {
  account_id: string
  user_id: string
  created_at: string
}

/** An open offer to move a workspace to another account; gone once accepted, declined or withdrawn. */
export interface WorkspaceTransferTable {
  id: string
  workspace_id: string
  from_account_id: string
  to_account_id: string
  offered_by: string
  created_at: string
  expires_at: string
}

export interface WorkspaceTable {
  id: string
  account_id: string
  name: string
  /** Unique among all workspaces once claimed. */
  handle: string | null
  about: string
  profile_picture: string
  contact_email: string
  website: string
  /** JSON array of links. */
  social_accounts: string
  is_public: 0 | 1
  blocked: 0 | 1
  plan: string
  billing_version: string
  /** US cents. */
  spending_limit_cents: number
  /** Gauge: production bots in this workspace, kept in the same commit as the bots. */
  bot_count: number
  /** With `owner_role` a deferred reference to a member whose role is owner: never none. */
  owner_member_id: string
  owner_role: 'owner'
  /** 1 when its members need a second factor. */
  second_factor_required: 0 | 1
  created_at: string
  updated_at: string
}

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
