import { openStores } from '@steward/db'
import { addLedgers, eachDialect, freshDatabase, runs } from '@steward/db/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { storesOf } from '../app-context.ts'
import type { WorkspaceContext } from '../context.ts'
import { seedMember, seedPerson, testApp } from '../app.testing.ts'
import type { Fixture, Sample } from './ledgers.testing.ts'
import { contextOf, ledgerFixture, recordedIn, samples, seedAllowance } from './ledgers.testing.ts'
import type { Verdict } from './ledger.ts'
import { read, readTelemetry } from './read.ts'
import { record } from './record.ts'
import { write } from './write.ts'

const told = (verdicts: readonly Verdict<unknown>[]) =>
  verdicts.map((one) => ('error' in one ? `${one.id} ${one.status} ${one.error.type}` : `${one.id} ${one.status}`))
const sample = (id: string, value = 1, label = 'ok'): Sample => ({ id, value, label })

eachDialect('record', (open, engine) => {
  const fixture = async (): Promise<Fixture> => ledgerFixture(await addLedgers(await open()))

  test('records once what is sent again, and tells each item what became of it, in order', async () => {
    const s = await fixture()
    const ctx = await contextOf(s)
    expect(told(await record(ctx, samples, [sample('c'), sample('a'), sample('b')]))).toEqual([
      'c added',
      'a added',
      'b added',
    ])
    const mixed = [sample('d'), sample('b', 2), sample('a'), sample('d'), sample('d', 2), sample('0')]
    expect(told(await record(ctx, samples, mixed))).toEqual([
      'd added',
      'b conflict AlreadyExists',
      'a repeated',
      'd repeated',
      'd conflict AlreadyExists',
      '0 added',
    ])
    expect((await recordedIn(s)).map(({ id, value }) => `${id}${value}`)).toEqual(['01', 'a1', 'b1', 'c1', 'd1'])
    const other = { ...s, workspaceId: await seedAllowance(s) }
    expect(told(await record(await contextOf(other), samples, [sample('a', 9)]))).toEqual(['a added'])
    expect(await record(ctx, samples, [])).toEqual([])
  })

  test('of a thousand lines the bad ones alone are refused', async () => {
    const s = await fixture()
    const bad = new Map([
      ['0007', sample('0007', -1)],
      ['0400', sample('0400', 1, 'no')],
      ['0999', sample('0999', 1.5)],
    ])
    const lines = Array.from({ length: 1000 }, (_, i) => {
      const id = String(i).padStart(4, '0')
      return bad.get(id) ?? sample(id, i)
    })
    const verdicts = await record(await contextOf(s), samples, lines.toReversed())
    expect(verdicts.map(({ id }) => id)).toEqual(lines.map(({ id }) => id).toReversed())
    expect(told(verdicts.filter(({ status }) => status !== 'added'))).toEqual([
      '0999 refused Internal',
      '0400 refused InvalidPayload',
      '0007 refused Internal',
    ])
    expect(await recordedIn(s)).toHaveLength(997)
  })

  test('agrees with a model, whatever is sent at once and again', async () => {
    const one = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      value: fc.constantFrom(-1, 1, 2),
      label: fc.constantFrom('ok', 'no'),
    })
    const s = await fixture()
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(one, { maxLength: 10 }), { maxLength: 6 }), async (batches) => {
        const own = { ...s, workspaceId: await seedAllowance(s) }
        const contexts = await Promise.all(batches.map(() => contextOf(own)))
        const all = await Promise.all(
          batches.map((batch, at) => record(contexts[at] as WorkspaceContext, samples, batch)),
        )
        const rows = new Map((await recordedIn(own)).map((row) => [row.id, row]))
        const added = new Map<string, number>()
        for (const [at, verdicts] of all.entries())
          for (const [index, { id, status }] of verdicts.entries()) {
            const item = batches[at]?.[index] as Sample
            expect(id).toBe(item.id)
            const isKept = JSON.stringify(rows.get(id)) === JSON.stringify(item)
            if (status === 'added') added.set(id, (added.get(id) ?? 0) + 1)
            if (status === 'added' || status === 'repeated') expect(isKept).toBe(true)
            const before = batches[at]?.slice(0, index).some((other) => other.id === id) ?? false
            if (status === 'conflict') expect(isKept && !before).toBe(false)
            if (status === 'refused') expect(item.value < 0 || item.label === 'no').toBe(true)
          }
        // Whatever is there was added by one call, once.
        expect([...added.keys()].toSorted()).toEqual([...rows.keys()])
        expect([...added.values()].every((times) => times === 1)).toBe(true)
      }),
      { numRuns: runs(200, 0.15) },
    )
  })

  test('asks for the rights when its turn has come', async () => {
    const s = await fixture()
    const admin = await seedPerson(s.app, 'admin@example.com')
    const memberId = await seedMember(s.app, s.workspaceId, { ...admin, role: 'administrator' })
    const ctx = await contextOf({ ...s, owner: admin })
    await storesOf(s.app).main.write((tx) => tx.deleteFrom('member').where('id', '=', memberId).execute())
    await expect(record(ctx, samples, [sample('a')])).rejects.toMatchObject({ type: 'ResourceNotFound' })
    expect(await recordedIn(s)).toEqual([])
  })

  test('and what the main store holds are never one: neither is open inside the other', async () => {
    const s = await fixture()
    const ctx = await contextOf(s)
    let looked = 0
    const looking = {
      ...samples,
      find: async () => {
        looked += 1
        // Another database: its own rows are not missed there.
        await read(ctx, async (db) => expect(await db.selectFrom('workspace').select('id').execute()).toHaveLength(1))
        expect(() => readTelemetry(ctx, async () => null)).toThrow('outside the open write')
        await expect(record(ctx, samples, [sample('b')])).rejects.toThrow('already has an open write')
        return []
      },
    }
    expect(told(await record(ctx, looking, [sample('a')]))).toEqual(['a added'])
    expect(looked).toBe(1)
    const inside = write(ctx, 'UPDATE_WORKSPACE', async () => {
      await record(await contextOf(s), samples, [sample('c')])
      return { answer: null, changes: [], audit: { type: 'workspace', id: s.workspaceId } }
    })
    await expect(inside).rejects.toThrow('inside a write of the main store')
    expect(await readTelemetry(ctx, async () => (await recordedIn(s)).map(({ id }) => id))).toEqual(['a'])
  })

  test('of two servers that record the same at once, in whatever order, each line is added by one', async () => {
    const database = await freshDatabase(engine)
    const stores = await Promise.all([1, 2].map(async () => addLedgers(await openStores(database.options))))
    try {
      const s = await ledgerFixture(stores[0] as (typeof stores)[number])
      const servers = stores.map((own) => ({ ...s, app: testApp(own).app }))
      const batch = Array.from({ length: 200 }, (_, i) => sample(`l${String(i).padStart(3, '0')}`))
      const all = await Promise.all(
        servers.flatMap((server, at) =>
          Array.from({ length: 5 }, async (_, i) => {
            const from = batch.slice(i * 20, i * 20 + 100)
            return record(await contextOf(server), samples, at === 0 ? from : from.toReversed())
          }),
        ),
      )
      const added = all.flat().filter(({ status }) => status === 'added')
      expect(all.flat().filter(({ status }) => status === 'repeated')).toHaveLength(1000 - added.length)
      expect(added.map(({ id }) => id).toSorted()).toEqual((await recordedIn(s)).map(({ id }) => id))
      expect(added).toHaveLength(180)
    } finally {
      await Promise.all(stores.map((own) => own.close()))
      await database.remove()
    }
  })
})
