import {
  accountRow,
  laneRow,
  memberRow,
  testClock,
  type TestClock,
  tokenRow,
  userRow,
  workspaceRow,
} from '@steward/testkit'
import { areas } from '../root.ts'
import { repairGauges } from '../metering/quota/recount.ts'
import type { Stores } from '@steward/db'
import { createHash } from 'node:crypto'
import type { AnyTRPCRouter } from '@trpc/server'
import type { CollectableBlobs } from './blob/blob-grace.ts'
import type { Clock } from './clock.ts'
import { day, iso } from './clock.ts'
import type { Actor, MainTx, RequestInfo } from './context.ts'
import { createEvents } from './write/events.ts'
import type { AppContext, Settings } from './app-context.ts'
import { attachStores, silentLog, storesOf } from './app-context.ts'
import type { Ids } from './id.ts'
import { systemIds } from './id.ts'
import type { Role } from './access/rule.ts'
import type { PreferenceOwner } from './preference/preference.queries.ts'
import { makeKeys, mintToken, sha256 } from './secrets.ts'
import { createCallerFactory } from './procedure/trpc.ts'

/** Ids and "random" bytes that repeat from run to run; each call differs from the one before. */
export function testIds(clock: Clock, seed: string): Ids {
  let count = 0
  const ordered = systemIds(clock, areas.ids)
  const block = (): Buffer => createHash('sha256').update(`${seed}:${count++}`).digest()
  const bytes = (length: number): Buffer => {
    const parts: Buffer[] = []
    for (let have = 0; have < length; have += 32) parts.push(block())
    return Buffer.concat(parts).subarray(0, length)
  }
  return {
    make: (kind) => ordered.make(kind),
    bytes,
    uuid: () => {
      const hex = bytes(16).toString('hex')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
    },
  }
}

function memoryBlobs(): CollectableBlobs {
  const bodies = new Map<string, Uint8Array>()
  return {
    async put(body) {
      const bytes = Buffer.from(body as string)
      const hash = sha256(bytes)
      const made = bodies.has(hash) ? null : 'made'
      bodies.set(hash, bytes)
      return { hash, size: bytes.length, made }
    },
    takeBack: async ({ hash, made }) => void (made !== null && bodies.delete(hash)),
    async open(hash) {
      const bytes = bodies.get(hash)
      return bytes
        ? {
            hash,
            size: bytes.length,
            async *slices() {
              yield bytes
            },
          }
        : null
    },
    async *all() {
      for (const [hash, { length }] of bodies) yield { hash, size: length }
    },
    get: async (hash) => bodies.get(hash) ?? null,
    has: async (hash) => bodies.has(hash),
    // Nothing in memory outlives its test.
    age: async () => null,
    async *collectable() {},
    setAside: async (hash) => void bodies.delete(hash),
    async *expired() {},
    discard: async () => {},
    bringBack: async () => false,
    sweep: async () => {},
    owner: async () => null,
    claim: async () => {},
  }
}

export interface TestApp {
  app: AppContext
  clock: TestClock
}

/** An app over migrated test stores, with its own clock and ids. */
export function testApp(
  stores: Stores,
  overrides: Partial<AppContext> & { settings?: Partial<Settings> } = {},
): TestApp {
  const clock = testClock()
  const ids = testIds(clock, 'test')
  const app: AppContext = {
    areas,
    clock,
    ids,
    keys: makeKeys(new Uint8Array(32).fill(7), ids),
    blobs: memoryBlobs(),
    events: createEvents(),
    log: silentLog,
    quota: areas.quota,
    signIn: {
      sessionOf: async () => null,
      hashPassword: async (password) => sha256(password),
      trustedProviders: new Set(),
      providers: [],
      handle: async () => new Response(null, { status: 404 }),
    },
    mailer: null,
    ...overrides,
    settings: { publicUrl: 'http://127.0.0.1:7420', signUp: 'invited', ...overrides.settings },
  }
  return { app: attachStores(app, stores), clock }
}

export const testRequest: RequestInfo = { id: 'req_test', ip: '127.0.0.1', userAgent: 'vitest', idempotencyKey: null }

/** Calls procedures of a router as an actor, in process; `idempotencyKey` as the header would carry it. */
export function callerFor<R extends AnyTRPCRouter>(appRouter: R, app: AppContext) {
  const factory = createCallerFactory(appRouter)
  return (actor: Actor, request: Partial<RequestInfo> = {}): ReturnType<R['createCaller']> =>
    factory({ app, actor, request: { ...testRequest, ...request } }) as ReturnType<R['createCaller']>
}

export const anonymous: Actor = { kind: 'anonymous' }

export interface SeededPerson {
  userId: string
  accountId: string
  email: string
  actor: Actor
}

/** A person with an individual account, written straight into the tables; acts as the desktop's local user does. */
export async function seedPerson(app: AppContext, email: string): Promise<SeededPerson> {
  const userId = app.ids.uuid()
  const accountId = app.ids.make('account')
  const now = iso(app.clock.now())
  await storesOf(app).main.write(async (tx) => {
    await tx
      .insertInto('user')
      .values(userRow({ id: userId, email, created_at: now }))
      .execute()
    await tx
      .insertInto('account')
      .values(accountRow({ id: accountId, name: email, contact_email: email, user_id: userId, created_at: now }))
      .execute()
    await tx
      .insertInto('account_administrator')
      .values({ account_id: accountId, user_id: userId, created_at: now })
      .execute()
  })
  return { userId, accountId, email, actor: { kind: 'user', userId, credential: { kind: 'local' } } }
}

/** A workspace of the person's account, with the person as its owner. */
export async function seedWorkspace(app: AppContext, owner: SeededPerson, name = 'Workspace'): Promise<string> {
  const id = app.ids.make('workspace')
  const memberId = app.ids.make('member')
  const now = iso(app.clock.now())
  await storesOf(app).main.write(async (tx) => {
    const workspace = { id, account_id: owner.accountId, name, owner_member_id: memberId, created_at: now }
    await tx.insertInto('workspace').values(workspaceRow(workspace)).execute()
    const { userId: user_id, email } = owner
    const member = { id: memberId, workspace_id: id, user_id, email, role: 'owner' as const, created_at: now }
    await tx.insertInto('member').values(memberRow(member)).execute()
    await tx.insertInto('lane').values(laneRow({ id })).execute()
    await countMember(app, tx, id)
  })
  return id
}

/** Puts a person into a workspace with a role other than owner. */
export async function seedMember(
  app: AppContext,
  workspaceId: string,
  person: SeededPerson & { role: Role },
): Promise<string> {
  const id = app.ids.make('member')
  const { userId: user_id, email, role } = person
  const member = memberRow({ id, workspace_id: workspaceId, user_id, email, role, created_at: iso(app.clock.now()) })
  await storesOf(app).main.write(async (tx) => {
    await tx.insertInto('member').values(member).execute()
    await countMember(app, tx, workspaceId)
  })
  return id
}

/** Sets the gauges of accounts to what there is, for rows that were put straight into the tables. */
export async function settleGauges(app: AppContext, accounts: Iterable<string>): Promise<void> {
  await storesOf(app).main.write(async (tx) => {
    for (const id of accounts) await repairGauges(app, tx, id)
  })
}

/** Gauges count what is put straight into the tables as well. */
function countMember(app: AppContext, tx: MainTx, workspaceId: string): Promise<void> {
  return app.areas.quota(app, tx, [{ type: 'workspace_member_count', in: { workspaceId }, delta: 1 }])
}

/** This many preferences of a person or a workspace, written straight into the table. */
export async function seedPreferences(app: AppContext, owner: PreferenceOwner, count: number): Promise<void> {
  const updated_at = iso(app.clock.now())
  const rows = Array.from({ length: count }, (_, i) => ({ ...owner, key: `seeded.${i}`, value: '1', updated_at }))
  await storesOf(app).main.write((tx) => tx.insertInto('preference').values(rows).execute())
}

/** A personal access token of a person, with its value. */
export async function seedToken(
  app: AppContext,
  person: SeededPerson,
  options: { scopes?: string[]; workspaceId?: string; expiresAt?: string } = {},
): Promise<{ id: string; value: string }> {
  const id = app.ids.make('token')
  const value = mintToken(app.ids, 'bp_pat_')
  const token = tokenRow({
    id,
    user_id: person.userId,
    hash: sha256(value),
    scopes: options.scopes ? JSON.stringify(options.scopes) : null,
    workspace_id: options.workspaceId ?? null,
    created_at: iso(app.clock.now()),
    expires_at: options.expiresAt ?? iso(app.clock.now() + 90 * day),
  })
  await storesOf(app).main.write((tx) => tx.insertInto('personal_access_token').values(token).execute())
  return { id, value }
}
