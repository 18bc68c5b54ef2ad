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

/** Wrong passwords and codes, counted for an account or a caller's address. */
export interface SignInGuessTable {
  /** `account:` or `address:` with a keyed hash of it. */
  subject: string
  failures: number
  last_at: string
}
