import type { Stores } from '@steward/db'
import { authenticateBearer } from '../../core/access/authenticate.ts'
import { iso } from '../../core/clock.ts'
import type { Actor, RequestInfo } from '../../core/context.ts'
import type { House, Settings } from '../../core/house.ts'
import { storesOf } from '../../core/house.ts'
import { mintToken, sha256 } from '../../core/secrets.ts'
import { testHouse, testRequest } from '../../core/testing.ts'
import { createCallerFactory } from '../../core/procedure/trpc.ts'
import { meRouter } from '../me.router.ts'

const callMe = createCallerFactory(meRouter)

/** Test support: a house and the procedures of `me` as any actor. */
export function meHouse(stores: Stores, settings: Partial<Settings> = {}) {
  const { house, clock } = testHouse(stores, {
    settings: { publicUrl: 'http://127.0.0.1:7420', signUp: 'open', ...settings },
  })
  const me = (actor: Actor, request: Partial<RequestInfo> = {}) =>
    callMe({ house, actor, request: { ...testRequest, ...request } })
  const bearer = async (value: string) => me(await authenticateBearer(house, value))
  return { house, clock, me, bearer }
}

/** A member who was invited by e-mail and has not come yet; gives the secret of the link. */
export async function seedInvitation(
  house: House,
  workspaceId: string,
  { email, life }: { email: string; life: number },
): Promise<{ secret: string; memberId: string }> {
  const secret = mintToken(house.ids, 'stw_inv_')
  const memberId = house.ids.make('member')
  const now = house.clock.now()
  await storesOf(house).main.write(async (tx) => {
    await tx
      .insertInto('member')
      .values({
        id: memberId,
        workspace_id: workspaceId,
        user_id: null,
        email,
        role: 'developer',
        created_at: iso(now),
        updated_at: iso(now),
      })
      .execute()
    await tx
      .insertInto('invitation')
      .values({
        id: house.ids.make('invitation'),
        workspace_id: workspaceId,
        member_id: memberId,
        hash: sha256(secret),
        invited_by: null,
        created_at: iso(now),
        expires_at: iso(now + life),
      })
      .execute()
  })
  return { secret, memberId }
}

/** An organization with these administrators, and without a workspace. */
export async function seedOrganization(house: House, administrators: string[]): Promise<string> {
  const id = house.ids.make('account')
  const now = iso(house.clock.now())
  const none = { legal_name: null, tax_id: null, contact_email: null, billing_email: null, billing_address: null }
  await storesOf(house).main.write(async (tx) => {
    await tx
      .insertInto('account')
      .values({ id, kind: 'organization', name: 'Org', user_id: null, ...none, created_at: now, updated_at: now })
      .execute()
    for (const user_id of administrators)
      await tx.insertInto('account_administrator').values({ account_id: id, user_id, created_at: now }).execute()
  })
  return id
}

/** A key of a bot, with its value. */
export async function seedBotKey(
  house: House,
  botId: string,
  createdBy: string | null,
): Promise<{ id: string; value: string }> {
  const id = house.ids.make('botKey')
  const value = mintToken(house.ids, 'bp_bak_')
  await storesOf(house).main.write((tx) =>
    tx
      .insertInto('bot_key')
      .values({
        id,
        bot_id: botId,
        note: '',
        hash: sha256(value),
        created_by: createdBy,
        created_at: iso(house.clock.now()),
        expires_at: null,
        last_used_at: null,
      })
      .execute(),
  )
  return { id, value }
}
