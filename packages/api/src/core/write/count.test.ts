import { openStores } from '@steward/db'
import { addLedgers, eachDialect, freshDatabase, runs } from '@steward/db/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { storesOf } from '../app-context.ts'
import type { Lane, MainTx, WorkspaceContext } from '../context.ts'
import { authorize } from '../access/access.ts'
import { KeyReplaced, makeKeys } from '../secrets.ts'
import { seedMember, seedPerson, seedToken, testApp, testRequest } from '../app.testing.ts'
import type { SeededPerson } from '../app.testing.ts'
import { count, countWithin } from './count.ts'
import type { Consume, Fixture } from './ledgers.testing.ts'
import { consumes, contextOf, countedIn, ledgerFixture, seedAllowance } from './ledgers.testing.ts'
import type { Verdict } from './ledger.ts'
import { read } from './read.ts'
import { write } from './write.ts'

const told = (verdicts: readonly Verdict<unknown>[]) =>
  verdicts.map((one) => ('error' in one ? `${one.id} ${one.status} ${one.error.type}` : `${one.id} ${one.status}`))
const ones = (ids: string): Consume[] => ids.split(' ').map((id) => ({ id, amount: 1 }))

eachDialect('count', (open, engine) => {
  const fixture = async (most?: number): Promise<Fixture> => ledgerFixture(await addLedgers(await open()), most)

  test('counts once what is sent again, in the same call and in others, and answers as the first time', async () => {
    const s = await fixture()
    const ctx = await contextOf(s)
    expect(await count(ctx, consumes, [{ id: 'a', amount: 3 }])).toEqual([{ id: 'a', status: 'added', answer: 3 }])
    const again = [
      { amount: 3, id: 'a' },
      { id: 'b', amount: 2 },
      { id: 'b', amount: 2 },
    ]
    expect(await count(ctx, consumes, again)).toEqual([
      { id: 'a', status: 'repeated', answer: 3 },
      { id: 'b', status: 'added', answer: 2 },
      { id: 'b', status: 'repeated', answer: 2 },
    ])
    expect(await countedIn(s)).toMatchObject({ used: 5, rows: [{ id: 'a' }, { id: 'b' }] })
    expect(await count(ctx, consumes, [])).toEqual([])
  })

  test('says which ids were used for something else, also within a call; elsewhere the same id is another', async () => {
    const s = await fixture()
    const ctx = await contextOf(s)
    await count(ctx, consumes, ones('a'))
    const mixed = [{ id: 'a', amount: 2 }, ...ones('b'), { id: 'b', amount: 7 }, ...ones('c')]
    expect(told(await count(ctx, consumes, mixed))).toEqual([
      'a conflict AlreadyExists',
      'b added',
      'b conflict AlreadyExists',
      'c added',
    ])
    const other = { ...s, workspaceId: await seedAllowance(s) }
    expect(told(await count(await contextOf(other), consumes, ones('a')))).toEqual(['a added'])
    expect([await countedIn(s), await countedIn(other)]).toMatchObject([{ used: 3 }, { used: 1 }])
  })

  test('a bad item takes no other with it, however it is bad', async () => {
    const s = await fixture(10)
    const logged: object[] = []
    const { app } = testApp(storesOf(s.app), {
      log: { ...s.app.log, error: (fields) => void logged.push(fields) },
    })
    const sent: Consume[] = [
      ...ones('a'),
      { id: 'too much', amount: 100 },
      { id: 'late', amount: 1, fails: 'late' },
      ...ones('b'),
      { id: 'negative', amount: -5 },
      { id: 'unforeseen', amount: 1, fails: 'unforeseen' },
      ...ones('c d e f g'),
    ]
    expect(told(await count(await contextOf({ ...s, app }), consumes, sent))).toEqual([
      'a added',
      'too much refused QuotaExceeded',
      'late refused InvalidPayload',
      'b added',
      'negative refused Internal',
      'unforeseen refused Internal',
      ...['c', 'd', 'e', 'f', 'g'].map((id) => `${id} added`),
    ])
    expect(await countedIn(s)).toMatchObject({ used: 7 })
    // Only what nobody foresaw is told.
    expect(logged).toMatchObject([{ id: 'negative' }, { id: 'unforeseen' }])
    // What was refused was not counted: it may come again.
    expect(told(await count(await contextOf(s), consumes, ones('late')))).toEqual(['late added'])
  })

  test('agrees with a model, whatever is sent at once and again', async () => {
    const consume = fc.record(
      {
        id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
        amount: fc.constantFrom(-1, 1, 2, 3),
        fails: fc.constantFrom('late' as const, 'unforeseen' as const),
      },
      { requiredKeys: ['id', 'amount'] },
    )
    const calls = fc.array(fc.array(consume, { maxLength: 8 }), { maxLength: 6 })
    const s = await fixture()
    await fc.assert(
      fc.asyncProperty(calls, fc.boolean(), async (sent, atOnce) => {
        const own = { ...s, workspaceId: await seedAllowance(s, 7) }
        const contexts = await Promise.all(sent.map(() => contextOf(own)))
        const call = (items: Consume[], at: number) => count(contexts[at] as WorkspaceContext, consumes, items)
        const verdicts: Verdict<number>[][] = []
        if (atOnce) verdicts.push(...(await Promise.all(sent.map(call))))
        else for (const [at, items] of sent.entries()) verdicts.push(await call(items, at))
        // Of calls at once one that fails is served again, later.
        if (!atOnce) expect(verdicts.map(told)).toEqual(modelOf(sent, 7))
        const { used, rows } = await countedIn(own)
        expect(used).toBeLessThanOrEqual(7)
        for (const [at, items] of sent.entries())
          for (const [index, { id, amount }] of items.entries()) {
            const verdict = verdicts[at]?.[index]
            expect(verdict?.id).toBe(id)
            const isAnswered = verdict?.status === 'added' || verdict?.status === 'repeated'
            if (isAnswered) expect(rows).toContainEqual({ id, amount })
          }
        const added = verdicts.flat().filter(({ status }) => status === 'added')
        expect(used).toBe(rows.reduce((sum, { amount }) => sum + amount, 0))
        expect(rows.map(({ id }) => id)).toEqual(added.map(({ id }) => id).toSorted())
      }),
      { numRuns: runs(200, 0.15) },
    )
  })

  test('asks for the rights again inside; who has lost them takes nothing from others of the same commit', async () => {
    const s = await fixture()
    const admin = await seedPerson(s.app, 'admin@example.com')
    const memberId = await seedMember(s.app, s.workspaceId, { ...admin, role: 'administrator' })
    const token = await seedToken(s.app, s.owner)
    const credential = { kind: 'token' as const, id: token.id, scopes: null, workspaceId: null }
    const byToken = { ...s.owner, actor: { kind: 'user', userId: s.owner.userId, credential } } as SeededPerson
    const theirs = await contextOf({ ...s, owner: admin })
    const revoked = await contextOf({ ...s, owner: byToken })
    const ours = await contextOf(s)
    await storesOf(s.app).main.write(async (tx) => {
      await tx.deleteFrom('member').where('id', '=', memberId).execute()
      await tx.deleteFrom('personal_access_token').where('id', '=', token.id).execute()
    })
    const [first, second, third] = await Promise.allSettled([
      count(theirs, consumes, ones('a')),
      count(ours, consumes, ones('b')),
      count(revoked, consumes, ones('c')),
    ])
    expect(first).toMatchObject({ reason: { type: 'ResourceNotFound' } })
    expect(second).toMatchObject({ value: [{ status: 'added' }] })
    expect(third).toMatchObject({ reason: { type: 'Unauthorized' } })
    expect((await countedIn(s)).rows.map(({ id }) => id)).toEqual(['b'])
  })

  test('leaves no record, no change and no version behind, and stores no answer', async () => {
    const s = await fixture()
    const ctx = await authorize(
      {
        app: s.app,
        actor: s.owner.actor,
        request: { ...testRequest, idempotencyKey: 'k' },
        idempotency: { key: 'k', requestHash: 'h' },
      },
      'workspace.update',
      { workspaceId: s.workspaceId },
    )
    const seen: unknown[] = []
    s.app.events.subscribeAll((event) => seen.push(event))
    await count(ctx, consumes, ones('a b'))
    const db = storesOf(s.app).main.reader
    for (const table of ['audit_record', 'change', 'outbox', 'idempotency'] as const)
      expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
    const lane = db.selectFrom('lane').select(['version', 'audit_seq']).where('id', '=', s.workspaceId)
    expect(await lane.executeTakeFirst()).toEqual({ version: 0, audit_seq: 0 })
    expect(seen).toEqual([])
  })

  test('and writes of the same lane take turns', async () => {
    const s = await fixture()
    const writing = Promise.withResolvers<void>()
    const going = Promise.withResolvers<void>()
    const order: string[] = []
    const ctx = await contextOf(s)
    const held = write(ctx, 'UPDATE_WORKSPACE', async () => {
      writing.resolve()
      await going.promise
      order.push('write')
      return { answer: null, changes: [], audit: { type: 'workspace', id: s.workspaceId } }
    })
    await writing.promise
    const slow = { ...consumes, find: async () => (order.push('count'), []) }
    const counted = count(await contextOf(s), slow, ones('a'))
    setTimeout(going.resolve, 50)
    await Promise.all([held, counted])
    expect(order).toEqual(['write', 'count'])
  })

  test('lets nobody read, write or count beside it on the same context', async () => {
    const s = await fixture()
    const ctx = await contextOf(s)
    let tried = 0
    const meddling = {
      ...consumes,
      find: async () => {
        tried += 1
        expect(() => read(ctx, async () => null)).toThrow('outside the open write')
        await expect(count(ctx, consumes, ones('a'))).rejects.toThrow('already has an open write')
        return []
      },
    }
    expect(told(await count(ctx, meddling, ones('b')))).toEqual(['b added'])
    expect(tried).toBe(1)
    expect(told(await count(ctx, consumes, ones('b')))).toEqual(['b repeated'])
  })

  test('counts within a write what is kept with it, and not without it', async () => {
    const s = await fixture()
    const attempt = (items: Consume[], fails: boolean) =>
      contextOf(s).then((ctx) =>
        write(ctx, 'UPDATE_WORKSPACE', async (tx) => {
          const verdicts = await countWithin(tx, { ctx, counter: consumes, items })
          if (fails) throw new Error('no')
          return { answer: told(verdicts), changes: [], audit: { type: 'workspace', id: s.workspaceId } }
        }),
      )
    await expect(attempt(ones('a'), true)).rejects.toThrow('no')
    const mixed: Consume[] = [...ones('a'), { id: 'late', amount: 1, fails: 'late' }, ...ones('b a')]
    expect(await attempt(mixed, false)).toEqual(['a added', 'late refused InvalidPayload', 'b added', 'a repeated'])
    expect(await countedIn(s)).toMatchObject({ used: 2 })
  })

  test('is refused once another process has replaced the key', async () => {
    const s = await fixture()
    const ctx = await contextOf(s)
    const other = makeKeys(new Uint8Array(32).fill(9), s.app.ids)
    await storesOf(s.app).main.write((tx) =>
      tx
        .insertInto('signing_key')
        .values({ number: 1, public_key: other.publicKey, since: '2026-01-01', signature: 'x' })
        .execute(),
    )
    await expect(count(ctx, consumes, ones('a'))).rejects.toBeInstanceOf(KeyReplaced)
    expect((await countedIn(s)).rows).toEqual([])
  })

  test('trouble of the database is no item’s fault: nothing is counted, and all may be sent again', async () => {
    const s = await fixture()
    const ctx = await contextOf(s)
    const trouble = {
      ...consumes,
      add: () =>
        Promise.reject(Object.assign(new Error('full'), { code: engine === 'sqlite' ? 'SQLITE_FULL' : '53100' })),
    }
    await expect(count(ctx, trouble, ones('a b'))).rejects.toThrow('full')
    expect(told(await count(ctx, consumes, ones('a b')))).toEqual(['a added', 'b added'])
  })

  test('of two servers that count the same at once one adds it, and limits hold over both', async () => {
    const database = await freshDatabase(engine)
    const stores = await Promise.all([1, 2].map(async () => addLedgers(await openStores(database.options))))
    try {
      const s = await ledgerFixture(stores[0] as (typeof stores)[number], 30)
      const servers = stores.map((own) => ({ ...s, app: testApp(own).app }))
      const all = await Promise.all(
        servers.flatMap((server) =>
          Array.from({ length: 40 }, async (_, i) => count(await contextOf(server), consumes, ones(`c${i}`))),
        ),
      )
      const statuses = all.flat().map(({ status }) => status)
      expect(statuses.filter((one) => one === 'added')).toHaveLength(30)
      expect(statuses.filter((one) => one === 'repeated')).toHaveLength(30)
      expect(await countedIn(s)).toMatchObject({ used: 30 })
    } finally {
      await Promise.all(stores.map((own) => own.close()))
      await database.remove()
    }
  })

  test.runIf(engine === 'postgres')(
    'takes lanes in one order, and shares commits among those on the same',
    async () => {
      const s = await fixture(1000)
      const second = await seedAllowance(s)
      const lanes = [s.workspaceId, second].map((id): Lane => ({ kind: 'workspace', id }))
      const commits = new Set<string>()
      const watched = {
        ...consumes,
        find: async (tx: MainTx, ctx: WorkspaceContext, ids: readonly string[]) => {
          const query = { sql: 'select pg_current_xact_id()::text as id', parameters: [] }
          const { rows } = await tx.getExecutor().executeQuery<{ id: string }>(query as never)
          for (const { id } of rows) commits.add(id)
          return consumes.find(tx, ctx, ids)
        },
      }
      const contexts = await Promise.all(Array.from({ length: 120 }, () => contextOf(s)))
      await Promise.all(
        contexts.map((ctx, i) => {
          const order = i % 2 === 0 ? lanes : lanes.toReversed()
          return count(ctx, { ...watched, lanes: i % 3 === 0 ? lanes.slice(0, 1) : order }, ones(`n${i}`))
        }),
      )
      expect(await countedIn(s)).toMatchObject({ used: 120 })
      expect(commits.size).toBeLessThan(20)
    },
  )
})

/** What calls come to when each item is served before the next. */
function modelOf(calls: readonly (readonly Consume[])[], most: number): string[][] {
  const kept = new Map<string, string>()
  let used = 0
  return calls.map((items) => {
    const said = new Map<string, { text: string; verdict: string }>()
    return items.map((item) => {
      const { id, amount, fails } = item
      const text = JSON.stringify([amount, fails])
      const earlier = said.get(id)
      const before = kept.get(id) ?? earlier?.text
      if (before !== undefined && before !== text) return `${id} conflict AlreadyExists`
      if (kept.has(id)) return `${id} repeated`
      if (earlier) return earlier.verdict
      const verdict = verdictOf()
      said.set(id, { text, verdict })
      return verdict

      function verdictOf(): string {
        if (used + amount > most) return `${id} refused QuotaExceeded`
        if (amount < 0) return `${id} refused Internal`
        if (fails) return `${id} refused ${fails === 'late' ? 'InvalidPayload' : 'Internal'}`
        used += amount
        kept.set(id, text)
        return `${id} added`
      }
    })
  })
}
