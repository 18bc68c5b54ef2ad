import { areas } from '../root.ts'
import type { Stores } from '@steward/db'
import { createHash } from 'node:crypto'
import type { AnyTRPCRouter } from '@trpc/server'
import type { CollectableBlobs } from './blob/blob-grace.ts'
import type { Clock } from './clock.ts'
import { day, iso } from './clock.ts'
import type { Actor, RequestInfo } from './context.ts'
import { createEvents } from './write/events.ts'
import type { AppContext, Settings } from './app-context.ts'
import { attachStores, silentLog, storesOf } from './app-context.ts'
import type { Ids } from './id.ts'
import { systemIds } from './id.ts'
import type { Role } from './access/rule.ts'
import type { PreferenceOwner } from './preference/preference.queries.ts'
import { genesis } from './write/audit-chain.ts'
import { makeKeys, mintToken, sha256 } from './secrets.ts'
import { createCallerFactory } from './procedure/trpc.ts'

/** A clock that stands still until it is moved. */
export interface TestClock extends Clock {
  advance(milliseconds: number): void
}

export function testClock(start = '2026-03-01T12:00:00.000Z'): TestClock {
  let now = Date.parse(start)
  return {
    now: () => now,
    advance: (milliseconds) => {
      now += milliseconds
    },
  }
}

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
    quota: async () => {},
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
      .values({
        id: userId,
        email,
        email_verified: 1,
        display_name: email.split('@')[0] ?? email,
        picture: null,
        operator: 0,
        claimed: 1,
        two_factor_enabled: 0,
        created_at: now,
        updated_at: now,
      })
      .execute()
    await tx
      .insertInto('account')
      .values({
        id: accountId,
        kind: 'individual',
        name: email,
        legal_name: null,
        tax_id: null,
        contact_email: email,
        billing_email: null,
        billing_address: null,
        user_id: userId,
        created_at: now,
        updated_at: now,
      })
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
    await tx
      .insertInto('workspace')
      .values({
        id,
        account_id: owner.accountId,
        name,
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
        owner_member_id: memberId,
        owner_role: 'owner',
        second_factor_required: 0,
        created_at: now,
        updated_at: now,
      })
      .execute()
    await tx
      .insertInto('member')
      .values({
        id: memberId,
        workspace_id: id,
        user_id: owner.userId,
        email: owner.email,
        role: 'owner',
        created_at: now,
        updated_at: now,
      })
      .execute()
    await tx
      .insertInto('lane')
      .values({ id, kind: 'workspace', version: 0, audit_seq: 0, audit_head: genesis })
      .execute()
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
  const now = iso(app.clock.now())
  await storesOf(app).main.write((tx) =>
    tx
      .insertInto('member')
      .values({
        id,
        workspace_id: workspaceId,
        user_id: person.userId,
        email: person.email,
        role: person.role,
        created_at: now,
        updated_at: now,
      })
      .execute(),
  )
  return id
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
  await storesOf(app).main.write((tx) =>
    tx
      .insertInto('personal_access_token')
      .values({
        id,
        user_id: person.userId,
        note: 'test',
        hash: sha256(value),
        previous_hash: null,
        previous_until: null,
        scopes: options.scopes ? JSON.stringify(options.scopes) : null,
        workspace_id: options.workspaceId ?? null,
        created_at: iso(app.clock.now()),
        expires_at: options.expiresAt ?? iso(app.clock.now() + 90 * day),
        last_used_at: null,
      })
      .execute(),
  )
  return { id, value }
}
