import { invitationRow, memberRow, userRow } from '@steward/testkit'
import { day, iso, mintToken, settleGauges, sha256, storesOf } from '@steward/api/testing'
import { ask } from './ask.testing.ts'
import type { Person, Tenant } from './tenant.testing.ts'
import { markedBotRow } from './rows.testing.ts'

// What inputs are about that a tenant does not have from the start.

/** An installation that nobody has claimed, as at its first start. */
export async function claimable({
  fixture,
  mark,
}: Tenant): Promise<{ code: string; email: string; name: string; password: string }> {
  const { app } = fixture
  const code = mintToken(app.ids, 'stw_set_')
  const now = iso(app.clock.now())
  const value = JSON.stringify([{ hash: sha256(code), expiresAt: iso(app.clock.now() + day) }])
  const place = { owner_kind: 'instance', owner_id: 'instance', key: 'setup.codes' } as const
  await storesOf(app).main.write(async (tx) => {
    await tx
      .insertInto('user')
      .values(
        userRow({
          id: app.ids.uuid(),
          email: `unclaimed-${fixture.next()}@steward.local`,
          email_verified: 0,
          operator: 1,
          claimed: 0,
          created_at: now,
        }),
      )
      .execute()
    await tx
      .insertInto('preference')
      .values({ ...place, value, updated_at: now })
      .onConflict((c) => c.columns(['owner_kind', 'owner_id', 'key']).doUpdateSet({ value }))
      .execute()
  })
  const email = `${mark}-claimed-${fixture.next()}@example.com`
  return { code, email, name: `${mark} claimed`, password: 'correct horse battery' }
}

/** The secret of an invitation of the person to the neighbour's second workspace. */
export async function invite({ fixture, ids, now }: Tenant, { email }: Person): Promise<string> {
  const { app } = fixture
  const secret = mintToken(app.ids, 'stw_inv_')
  const memberId = app.ids.make('member')
  const workspace_id = ids.neighbourSecond
  await storesOf(app).main.write(async (tx) => {
    await tx.deleteFrom('member').where('workspace_id', '=', workspace_id).where('email', '=', email).execute()
    await tx
      .insertInto('member')
      .values(memberRow({ id: memberId, workspace_id, email, role: 'viewer', created_at: now }))
      .execute()
    await tx
      .insertInto('invitation')
      .values(
        invitationRow({
          id: app.ids.make('invitation'),
          workspace_id,
          member_id: memberId,
          hash: sha256(secret),
          created_at: now,
          expires_at: iso(app.clock.now() + day),
        }),
      )
      .execute()
  })
  await settleGauges(app, [ids.neighbourAccount])
  return secret
}

export async function publicWorkspace({ fixture, ids }: Tenant): Promise<string> {
  await storesOf(fixture.app).main.write((tx) =>
    tx.updateTable('workspace').set({ is_public: 1 }).where('id', '=', ids.neighbourSecond).execute(),
  )
  return ids.neighbourSecond
}

/** A bot that the person created; a dev bot, so that no counter has to move. */
export async function ownBot(tenant: Tenant, { userId }: Person): Promise<string> {
  const id = tenant.fixture.app.ids.make('bot')
  await storesOf(tenant.fixture.app).main.write((tx) =>
    tx
      .insertInto('bot')
      .values(markedBotRow(tenant, { id, created_by: userId, dev: 1 }))
      .execute(),
  )
  return id
}

export async function auditRecord(tenant: Tenant): Promise<string> {
  const { fixture, people, ids } = tenant
  const { reader } = storesOf(fixture.app).main
  const find = () =>
    reader.selectFrom('audit_record').select('id').where('lane_id', '=', ids.workspace).executeTakeFirst()
  if (!(await find())) {
    const input = { workspaceId: ids.workspace, key: 'font', value: 'large' }
    await ask(fixture, 'trpc', { path: 'workspace.setPreference', input, token: people.owner.token })
  }
  return (await find())?.id ?? ''
}

/** The owner of the tenant operates the installation, too. */
export async function makeOperator({ fixture, people }: Tenant): Promise<void> {
  await storesOf(fixture.app).main.write((tx) =>
    tx.updateTable('user').set({ operator: 1 }).where('id', '=', people.owner.userId).execute(),
  )
}

/** The id of a limit of the workspace, set instead of the plan's. */
export async function limitOf({ fixture, ids, now }: Tenant): Promise<string> {
  const { app } = fixture
  const id = app.ids.make('quotaOverride')
  await storesOf(app).main.write((tx) =>
    tx
      .insertInto('quota_override')
      .values({
        id,
        account_id: ids.account,
        scope: 'workspace',
        scope_id: ids.workspace,
        type: 'bot_count',
        value: 1000n,
        effective_at: now,
        ends_at: null,
        reason: 'test',
        origin: 'operator',
        created_by: null,
        created_at: now,
        revoked_at: null,
        revoked_by: null,
      })
      .execute(),
  )
  return id
}

export async function blocked({ fixture, ids, now }: Tenant): Promise<void> {
  await storesOf(fixture.app).main.write((tx) =>
    tx
      .insertInto('restriction')
      .values({ workspace_id: ids.workspace, reason: 'test', origin: 'operator', created_by: null, created_at: now })
      .execute(),
  )
}

export async function unblocked({ fixture, ids }: Tenant): Promise<void> {
  await storesOf(fixture.app).main.write((tx) =>
    tx.deleteFrom('restriction').where('workspace_id', '=', ids.workspace).execute(),
  )
}

/** The secret of a link by which the newcomer gets back in. */
export async function recoveryLinkFor({ fixture, people, now }: Tenant): Promise<string> {
  const { app } = fixture
  const secret = mintToken(app.ids, 'stw_rec_')
  const { userId: user_id } = people.newcomer
  await storesOf(app).main.write(async (tx) => {
    await tx.deleteFrom('recovery_link').where('user_id', '=', user_id).execute()
    await tx
      .insertInto('recovery_link')
      .values({
        user_id,
        origin: 'given',
        hash: sha256(secret),
        password: 1,
        second_factor: 1,
        workspace_id: null,
        made_by: null,
        created_at: now,
        expires_at: iso(app.clock.now() + day),
      })
      .execute()
  })
  return secret
}
