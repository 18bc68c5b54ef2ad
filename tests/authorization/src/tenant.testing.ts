import { iso, mintToken, roles, storesOf } from '@steward/api/testing'
import { insertBot, insertMoves, insertPeople, insertWorkspaces } from './rows.testing.ts'
import type { Fixture } from './fixture.testing.ts'

/** The six roles of the workspace; nobody there; and one who only administers its account. */
export const everyone = [...roles, 'stranger', 'accountant'] as const
export type Who = (typeof everyone)[number]

export interface Person {
  who: Who | 'newcomer' | 'neighbour'
  userId: string
  email: string
  accountId: string
  /** Their place in the workspace; empty for who is not a member. */
  memberId: string
  tokenId: string
  /** The value of an unrestricted token. */
  token: string
  /** A token to be deleted or rotated. */
  spareTokenId: string
  sessionId: string
}

const idNames = [
  'account',
  'workspace',
  'second',
  'offered',
  'outgoingMove',
  'closableAccount',
  'closableWorkspace',
  'neighbourAccount',
  'neighbourWorkspace',
  'neighbourSecond',
  'incomingMove',
  'bot',
  'firstVersion',
  'secondVersion',
  'key',
  'pendingMember',
  'invitation',
] as const
export type IdName = (typeof idNames)[number]

/**
 * An organization with everything procedures can be about: a workspace with a member of each role and a pending one, a
 * second one in which the same people may create bots, one on offer to a neighbour and one offered by the neighbour, an
 * account that can be closed, and a bot with a key, secrets, two versions and two deployments.
 */
export interface Tenant {
  fixture: Fixture
  /** Stands in every text of the tenant. */
  mark: string
  people: Record<Who | 'newcomer' | 'neighbour', Person>
  ids: Record<IdName, string>
  botKey: string
  invitationSecret: string
  /** Every secret value of the tenant in the clear. */
  secrets: string[]
  now: string
}

export async function makeTenant(fixture: Fixture, mark = 'plain'): Promise<Tenant> {
  const tenant = await planTenant(fixture, mark)
  const code = await fixture.app.blobs.put(`// ${mark} code\n`)
  await storesOf(fixture.app).main.write(async (tx) => {
    await insertPeople(tx, tenant)
    await insertWorkspaces(tx, tenant)
    await insertMoves(tx, tenant)
    await insertBot(tx, tenant, code.hash)
  })
  return tenant
}

async function planTenant(fixture: Fixture, mark: string): Promise<Tenant> {
  const { ids, clock } = fixture.app
  const kinds: Record<IdName, Parameters<typeof ids.make>[0]> = {
    account: 'account',
    workspace: 'workspace',
    second: 'workspace',
    offered: 'workspace',
    outgoingMove: 'transfer',
    closableAccount: 'account',
    closableWorkspace: 'workspace',
    neighbourAccount: 'account',
    neighbourWorkspace: 'workspace',
    neighbourSecond: 'workspace',
    incomingMove: 'transfer',
    bot: 'bot',
    firstVersion: 'version',
    secondVersion: 'version',
    key: 'botKey',
    pendingMember: 'member',
    invitation: 'invitation',
  }
  const number = fixture.next()
  const people = [...everyone, 'newcomer', 'neighbour'] as const
  return {
    fixture,
    mark,
    people: record(people, (who): Person => newPerson(fixture, who, `${mark}-${who}-${number}@example.com`)),
    ids: record(idNames, (name) => ids.make(kinds[name])),
    botKey: mintToken(ids, 'bp_bak_'),
    invitationSecret: mintToken(ids, 'stw_inv_'),
    secrets: [],
    now: iso(clock.now()),
  }
}

function newPerson({ app }: Fixture, who: Person['who'], email: string): Person {
  const { ids } = app
  const isMember = roles.some((role) => role === who)
  return {
    who,
    userId: ids.uuid(),
    email,
    accountId: ids.make('account'),
    memberId: isMember ? ids.make('member') : '',
    tokenId: ids.make('token'),
    token: mintToken(ids, 'bp_pat_'),
    spareTokenId: ids.make('token'),
    sessionId: ids.uuid(),
  }
}

function record<K extends string, V>(keys: readonly K[], make: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, V>
}

/** Every id of a tenant by a name that is the same in all tenants. */
export function idsOf(tenant: Tenant): Map<string, string> {
  const found = new Map<string, string>(Object.entries(tenant.ids))
  for (const { who, userId, accountId, memberId, spareTokenId, sessionId } of Object.values(tenant.people))
    for (const [kind, id] of Object.entries({ userId, accountId, memberId, spareTokenId, sessionId }))
      if (id !== '') found.set(`${who}.${kind}`, id)
  return found
}

/** An id of the same form that names nothing. */
export function unknownId({ fixture }: Tenant, like: string): string {
  if (!like.includes('_')) return fixture.app.ids.uuid()
  return `${like.slice(0, like.indexOf('_'))}_${fixture.app.ids.make('request').slice('req_'.length)}`
}
