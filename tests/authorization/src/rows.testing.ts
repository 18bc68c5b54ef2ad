import {
  accountRow,
  botKeyRow,
  botRow,
  invitationRow,
  memberRow,
  sessionRow,
  tokenRow,
  userRow,
  versionRow,
  workspaceRow,
} from '@steward/testkit'
import {
  contentHash,
  day,
  documentText,
  emptyDocument,
  iso,
  type MainTx,
  type Role,
  roles,
  secretPurpose,
  sha256,
  signingPurpose,
} from '@steward/api/testing'
import type { QuotaScope } from '@steward/db'
import type { Tenant } from './tenant.testing.ts'

export async function insertPeople(tx: MainTx, { people, mark, now, ids, fixture }: Tenant): Promise<void> {
  const all = Object.values(people)
  await tx
    .insertInto('user')
    .values(
      all.map(({ userId, email, who }) =>
        userRow({ id: userId, email, display_name: `${mark} ${who}`, created_at: now }),
      ),
    )
    .execute()
  const own = all.map(({ accountId, userId }) => ({ id: accountId, user_id: userId }))
  const organizations = [ids.account, ids.closableAccount, ids.neighbourAccount]
  const companies = organizations.map((id) => ({ id }))
  const text = { name: `${mark} account`, legal_name: mark, tax_id: mark, created_at: now }
  const contact = { contact_email: `${mark}@example.com`, billing_email: `${mark}@example.com` }
  await tx
    .insertInto('account')
    .values([...own, ...companies].map((row) => accountRow({ ...row, ...text, ...contact })))
    .execute()
  const administered = [
    ...own.map((row) => ({ account_id: row.id, user_id: row.user_id })),
    { account_id: ids.account, user_id: people.owner.userId },
    { account_id: ids.account, user_id: people.accountant.userId },
    { account_id: ids.closableAccount, user_id: people.owner.userId },
    { account_id: ids.closableAccount, user_id: people.accountant.userId },
    { account_id: ids.neighbourAccount, user_id: people.neighbour.userId },
  ]
  await tx
    .insertInto('account_administrator')
    .values(administered.map((row) => ({ ...row, created_at: now })))
    .execute()
  const keys = all.flatMap(({ userId, tokenId, spareTokenId, token }) => [
    { id: tokenId, user_id: userId, hash: sha256(token) },
    { id: spareTokenId, user_id: userId, hash: sha256(`${spareTokenId} has no value`) },
  ])
  const token = { note: `${mark} token`, created_at: now, last_used_at: now }
  await tx
    .insertInto('personal_access_token')
    .values(keys.map((row) => tokenRow({ ...row, ...token })))
    .execute()
  const agent = { user_agent: mark, created_at: now, expires_at: iso(fixture.app.clock.now() + day) }
  await tx
    .insertInto('session')
    .values(
      all.map(({ sessionId, userId }) =>
        sessionRow({ id: sessionId, user_id: userId, token: sha256(sessionId), ...agent }),
      ),
    )
    .execute()
  await tx
    .insertInto('preference')
    .values([
      ...all.map((person) => preference('user', person.userId, mark, now)),
      preference('workspace', ids.workspace, mark, now),
    ])
    .execute()
}

function preference(owner_kind: 'user' | 'workspace', owner_id: string, mark: string, updated_at: string) {
  return { owner_kind, owner_id, key: 'theme', value: JSON.stringify(mark), updated_at }
}

interface Counted {
  id: string
  account_id: string
  members: number
  /** Each has a key. */
  bot_count: number
}

/** What quotas count of these workspaces and their accounts; the one bot is in the one that has bots. */
function gaugeRows(workspaces: readonly Counted[], botId: string) {
  const sums = new Map<string, { scope: QuotaScope; scope_id: string; parent_id: string; type: string; used: bigint }>()
  const add = (place: readonly [QuotaScope, string, string], type: string, count: number): void => {
    const [scope, scope_id, parent_id] = place
    const key = `${scope_id} ${type}`
    const used = (sums.get(key)?.used ?? 0n) + BigInt(count)
    if (count > 0) sums.set(key, { scope, scope_id, parent_id, type, used })
  }
  for (const { id, account_id: accountId, members, bot_count: bots } of workspaces) {
    const places = [['account', accountId, ''] as const, ['workspace', id, accountId] as const]
    for (const place of places) {
      add(place, 'workspace_member_count', members)
      add(place, 'bot_count', bots)
      add(place, 'api_key_count', bots)
    }
    add(['bot', botId, id], 'api_key_count', bots)
  }
  return [...sums.values()].map((row) => ({ ...row, period: '', reserved: 0n }))
}

export async function insertWorkspaces(
  tx: MainTx,
  { people, ids, mark, now, fixture, ...tenant }: Tenant,
): Promise<void> {
  const make = (): string => fixture.app.ids.make('member')
  const { owner, neighbour } = people
  const list = [
    { id: ids.workspace, account_id: ids.account, owner, owner_member_id: owner.memberId, bot_count: 1 },
    { id: ids.second, account_id: ids.account, owner, owner_member_id: make(), bot_count: 0 },
    { id: ids.offered, account_id: ids.account, owner, owner_member_id: make(), bot_count: 0 },
    { id: ids.closableWorkspace, account_id: ids.closableAccount, owner, owner_member_id: make(), bot_count: 0 },
    ...[ids.neighbourWorkspace, ids.neighbourSecond].map((id) => ({
      id,
      account_id: ids.neighbourAccount,
      owner: neighbour,
      owner_member_id: make(),
      bot_count: 0,
    })),
  ]
  const profile = {
    name: `${mark} workspace`,
    about: mark,
    profile_picture: mark,
    contact_email: mark,
    website: mark,
    social_accounts: JSON.stringify([mark]),
    created_at: now,
  }
  await tx
    .insertInto('workspace')
    .values(
      list.map(({ id, account_id, owner_member_id, bot_count }) =>
        workspaceRow({ id, account_id, owner_member_id, bot_count, ...profile }),
      ),
    )
    .execute()
  const owners = list.map((row) => ({
    id: row.owner_member_id,
    workspace_id: row.id,
    user_id: row.owner.userId,
    email: row.owner.email,
    role: 'owner' as Role,
  }))
  const others = roles.flatMap((role) => {
    const { memberId, userId, email } = people[role]
    if (role === 'owner') return []
    const person = { user_id: userId, email }
    return [
      { ...person, id: memberId, workspace_id: ids.workspace, role },
      { ...person, id: make(), workspace_id: ids.second, role: 'developer' as const },
    ]
  })
  const pendingEmail = `${mark}-pending@example.com`
  const pending = { id: ids.pendingMember, workspace_id: ids.workspace, user_id: null, email: pendingEmail }
  const members = [...owners, ...others, { ...pending, role: 'viewer' as const }]
  const inWorkspace = (id: string): number => members.filter((row) => row.workspace_id === id).length
  await tx
    .insertInto('quota_counter')
    .values(
      gaugeRows(
        list.map((row) => ({ ...row, members: inWorkspace(row.id) })),
        ids.bot,
      ),
    )
    .execute()
  await tx
    .insertInto('member')
    .values(members.map((row) => memberRow({ ...row, created_at: now })))
    .execute()
  await tx
    .insertInto('invitation')
    .values(
      invitationRow({
        id: ids.invitation,
        workspace_id: ids.workspace,
        member_id: ids.pendingMember,
        hash: sha256(tenant.invitationSecret),
        invited_by: owner.userId,
        created_at: now,
        expires_at: iso(fixture.app.clock.now() + 7 * day),
      }),
    )
    .execute()
}

export async function insertMoves(tx: MainTx, { people, ids, now, fixture }: Tenant): Promise<void> {
  const times = { created_at: now, expires_at: iso(fixture.app.clock.now() + 7 * day) }
  await tx
    .insertInto('workspace_transfer')
    .values([
      {
        ...times,
        id: ids.outgoingMove,
        workspace_id: ids.offered,
        from_account_id: ids.account,
        to_account_id: ids.neighbourAccount,
        offered_by: people.owner.userId,
      },
      {
        ...times,
        id: ids.incomingMove,
        workspace_id: ids.neighbourWorkspace,
        from_account_id: ids.neighbourAccount,
        to_account_id: ids.account,
        offered_by: people.neighbour.userId,
      },
    ])
    .execute()
}

/** A row of `bot` with the tenant's mark; the counter of the workspace is not moved. */
export function markedBotRow(tenant: Tenant, more: { id: string; created_by: string; dev?: 0 | 1 }) {
  const { mark, now, ids } = tenant
  return botRow({
    workspace_id: ids.workspace,
    name: `${mark} bot`,
    description: mark,
    tags: JSON.stringify({ [mark]: mark }),
    document: documentText({ ...emptyDocument(), configuration: { data: { mark }, schema: {} } }),
    created_at: now,
    ...more,
  })
}

export async function insertBot(tx: MainTx, tenant: Tenant, codeHash: string): Promise<void> {
  const { ids, people, mark, now, fixture, secrets } = tenant
  const { app } = fixture
  const made = markedBotRow(tenant, { id: ids.bot, created_by: people.owner.userId })
  const bot = { ...made, code_blob: codeHash, current_version_id: ids.secondVersion, deployed_at: now }
  await tx.insertInto('bot').values(bot).execute()
  await tx
    .insertInto('bot_tag')
    .values({ bot_id: bot.id, workspace_id: ids.workspace, key: mark, value: mark })
    .execute()
  const value = `${mark}-secret-${app.ids.bytes(12).toString('hex')}`
  const signing = app.ids.bytes(32).toString('base64url')
  secrets.push(
    value,
    signing,
    tenant.botKey,
    tenant.invitationSecret,
    ...Object.values(people).map(({ token }) => token),
  )
  await tx
    .insertInto('bot_secret')
    .values({ bot_id: bot.id, name: 'KEY', sealed: app.keys.seal(value, secretPurpose(bot.id, 'KEY')) })
    .execute()
  const sealed = app.keys.seal(signing, signingPurpose(bot.id))
  await tx
    .insertInto('bot_signing_secret')
    .values({ id: app.ids.make('signingSecret'), bot_id: bot.id, sealed, created_at: now, expires_at: null })
    .execute()
  const key = { id: ids.key, bot_id: bot.id, hash: sha256(tenant.botKey), created_by: people.owner.userId }
  await tx
    .insertInto('bot_key')
    .values(botKeyRow({ ...key, note: mark, created_at: now, last_used_at: now }))
    .execute()
  const first = { document: documentText(emptyDocument()), code_blob: null }
  const second = { document: bot.document, code_blob: codeHash }
  const text = { bot_id: bot.id, name: `${mark} version`, description: mark, note: mark, created_at: now }
  await tx
    .insertInto('version')
    .values([
      versionRow({ ...text, ...first, id: ids.firstVersion, content_hash: contentHash(first) }),
      versionRow({
        ...text,
        ...second,
        id: ids.secondVersion,
        content_hash: contentHash(second),
        parent_id: ids.firstVersion,
      }),
    ])
    .execute()
  const deployed = { bot_id: bot.id, note: mark, deployed_by: people.owner.userId, at: now, kind: 'deploy' as const }
  await tx
    .insertInto('deployment')
    .values([
      {
        ...deployed,
        id: app.ids.make('deployment'),
        version_id: ids.firstVersion,
        previous_version_id: null,
      },
      {
        ...deployed,
        id: app.ids.make('deployment'),
        version_id: ids.secondVersion,
        previous_version_id: ids.firstVersion,
      },
    ])
    .execute()
}
