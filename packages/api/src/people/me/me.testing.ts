import { accountRow, botKeyRow, invitationRow, memberRow } from '@steward/testkit'
import type { Stores } from '@steward/db'
import { authenticateBearer } from '../../core/access/authenticate.ts'
import { iso } from '../../core/clock.ts'
import type { Actor, RequestInfo } from '../../core/context.ts'
import type { AppContext, Settings } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import { mintToken, sha256 } from '../../core/secrets.ts'
import { testApp, testRequest } from '../../core/app.testing.ts'
import { createCallerFactory } from '../../core/procedure/trpc.ts'
import { meRouter } from '../me.router.ts'

const callMe = createCallerFactory(meRouter)

/** Test support: an app and the procedures of `me` as any actor. */
export function meApp(stores: Stores, settings: Partial<Settings> = {}) {
  const { app, clock } = testApp(stores, {
    settings: { publicUrl: 'http://127.0.0.1:7420', signUp: 'open', ...settings },
  })
  const me = (actor: Actor, request: Partial<RequestInfo> = {}) =>
    callMe({ app, actor, request: { ...testRequest, ...request } })
  const bearer = async (value: string) => me(await authenticateBearer(app, value))
  return { app, clock, me, bearer }
}

/** A member who was invited by email and has not come yet; gives the secret of the link. */
export async function seedInvitation(
  app: AppContext,
  workspaceId: string,
  { email, life }: { email: string; life: number },
): Promise<{ secret: string; memberId: string }> {
  const secret = mintToken(app.ids, 'stw_inv_')
  const memberId = app.ids.make('member')
  const now = app.clock.now()
  await storesOf(app).main.write(async (tx) => {
    const member = { id: memberId, workspace_id: workspaceId, email, role: 'developer' as const, created_at: iso(now) }
    await tx.insertInto('member').values(memberRow(member)).execute()
    const invitation = {
      id: app.ids.make('invitation'),
      workspace_id: workspaceId,
      member_id: memberId,
      hash: sha256(secret),
      created_at: iso(now),
      expires_at: iso(now + life),
    }
    await tx.insertInto('invitation').values(invitationRow(invitation)).execute()
  })
  return { secret, memberId }
}

/** An organization with these administrators, and without a workspace. */
export async function seedOrganization(app: AppContext, administrators: string[]): Promise<string> {
  const id = app.ids.make('account')
  const now = iso(app.clock.now())
  await storesOf(app).main.write(async (tx) => {
    await tx
      .insertInto('account')
      .values(accountRow({ id, name: 'Org', created_at: now }))
      .execute()
    for (const user_id of administrators)
      await tx.insertInto('account_administrator').values({ account_id: id, user_id, created_at: now }).execute()
  })
  return id
}

/** A key of a bot, with its value. */
export async function seedBotKey(
  app: AppContext,
  botId: string,
  createdBy: string | null,
): Promise<{ id: string; value: string }> {
  const id = app.ids.make('botKey')
  const value = mintToken(app.ids, 'bp_bak_')
  const made = { created_by: createdBy, created_at: iso(app.clock.now()) }
  const key = botKeyRow({ id, bot_id: botId, hash: sha256(value), ...made })
  await storesOf(app).main.write((tx) => tx.insertInto('bot_key').values(key).execute())
  return { id, value }
}
