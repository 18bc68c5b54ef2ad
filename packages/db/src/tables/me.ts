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
  /** 0 until the owner made at first start has chosen an e-mail and a password. */
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

export interface PreferenceTable {
  /** `instance` for what belongs to the installation, such as the set-up code. */
  owner_kind: 'user' | 'workspace' | 'instance'
  owner_id: string
  key: string
  /** JSON. */
  value: string
  updated_at: string
}
