/*
 * Rows as tests put them straight into the tables: each builder takes what must be said of a row and whatever else the
 * test cares about, and fills in the least that the table takes.
 */
import type { MainSchema } from '@steward/db'

type Given<T extends keyof MainSchema, K extends keyof MainSchema[T]> = Pick<MainSchema[T], K> & Partial<MainSchema[T]>

/** When a row was made, unless its test says when. */
export const rowTime = '2026-01-01T00:00:00.000Z'

/** When a row was made and last changed: the same moment, unless told otherwise. */
function times(given: { created_at?: string | undefined }): { created_at: string; updated_at: string } {
  const at = given.created_at ?? rowTime
  return { created_at: at, updated_at: at }
}

/** A person with a confirmed address. */
export const userRow = (given: Given<'user', 'id' | 'email'>): MainSchema['user'] => ({
  ...times(given),
  email_verified: 1,
  display_name: given.email.split('@')[0] ?? given.email,
  picture: null,
  operator: 0,
  claimed: 1,
  two_factor_enabled: 0,
  ...given,
})

/** A token without bounds that does not run out. */
export const tokenRow = (
  given: Given<'personal_access_token', 'id' | 'user_id' | 'hash'>,
): MainSchema['personal_access_token'] => ({
  note: 'test',
  previous_hash: null,
  previous_until: null,
  scopes: null,
  workspace_id: null,
  created_at: rowTime,
  expires_at: null,
  last_used_at: null,
  ...given,
})

export const sessionRow = (given: Given<'session', 'id' | 'user_id' | 'expires_at'>): MainSchema['session'] => ({
  ...times(given),
  token: given.id,
  ip_address: null,
  user_agent: null,
  confirmed_at: null,
  second_factor: 0,
  ...given,
})

export const signInMethodRow = (
  given: Given<'sign_in_method', 'id' | 'user_id' | 'provider_id'>,
): MainSchema['sign_in_method'] => ({
  ...times(given),
  provider_user_id: given.user_id,
  password: null,
  access_token: null,
  refresh_token: null,
  id_token: null,
  access_token_expires_at: null,
  refresh_token_expires_at: null,
  scope: null,
  ...given,
})

/** A person's own account when it has a `user_id`, an organization otherwise. */
export const accountRow = (given: Given<'account', 'id'>): MainSchema['account'] => ({
  ...times(given),
  kind: typeof given.user_id === 'string' ? 'individual' : 'organization',
  name: 'Account',
  legal_name: null,
  tax_id: null,
  contact_email: null,
  billing_email: null,
  billing_address: null,
  user_id: null,
  ...given,
})

/** Needs its owner's row in `member` in the same transaction. */
export const workspaceRow = (
  given: Given<'workspace', 'id' | 'account_id' | 'owner_member_id'>,
): MainSchema['workspace'] => ({
  ...times(given),
  name: 'Workspace',
  handle: null,
  about: '',
  profile_picture: '',
  contact_email: '',
  website: '',
  social_accounts: '[]',
  is_public: 0,
  blocked: 0,
  plan: 'community',
  billing_version: 'v4',
  spending_limit_cents: 10_000,
  bot_count: 0,
  owner_role: 'owner',
  second_factor_required: 0,
  ...given,
})

/** A member; one who was invited and has not come yet when there is no `user_id`. */
export const memberRow = (given: Given<'member', 'id' | 'workspace_id' | 'email' | 'role'>): MainSchema['member'] => ({
  ...times(given),
  user_id: null,
  ...given,
})

export const invitationRow = (
  given: Given<'invitation', 'id' | 'workspace_id' | 'member_id' | 'hash' | 'expires_at'>,
): MainSchema['invitation'] => ({ invited_by: null, created_at: rowTime, ...given })

/** The lane of a workspace on which nothing has happened. */
export const laneRow = (given: Given<'lane', 'id'>): MainSchema['lane'] => ({
  kind: 'workspace',
  version: 0,
  audit_seq: 0,
  // The hash before the first record of a chain.
  audit_head: '0'.repeat(64),
  ...given,
})

/** A bot without code or definitions; the counter of the workspace does not move. */
export const botRow = (given: Given<'bot', 'id' | 'workspace_id'>): MainSchema['bot'] => ({
  ...times(given),
  name: 'Bot',
  description: '',
  type: 'studio',
  status: 'active',
  dev: 0,
  always_alive: 0,
  blocked: 0,
  url: null,
  authentication: null,
  max_execution_time: null,
  access: 'ALL_WORKSPACE_USERS',
  tags: '{}',
  document: '{}',
  code_blob: null,
  current_version_id: null,
  created_by: null,
  deployed_at: null,
  ...given,
})

/** A key of a bot that does not run out. */
export const botKeyRow = (given: Given<'bot_key', 'id' | 'bot_id' | 'hash'>): MainSchema['bot_key'] => ({
  note: '',
  created_by: null,
  created_at: rowTime,
  expires_at: null,
  last_used_at: null,
  ...given,
})

export const versionRow = (given: Given<'version', 'id' | 'bot_id'>): MainSchema['version'] => ({
  name: given.id,
  description: '',
  note: '',
  content_hash: given.id,
  document: '{}',
  code_blob: null,
  parent_id: null,
  author_id: null,
  created_at: rowTime,
  ...given,
})
