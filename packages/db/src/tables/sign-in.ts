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
}
