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
