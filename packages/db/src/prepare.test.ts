import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { TransactionEnded } from './errors.ts'
import { prepare, prepareWrite, type Params } from './prepare.ts'
import type { Reader, Store, Stores, Tx } from './store.ts'
import { freshDatabase, type TestDatabase } from './databases.testing.ts'
import { openTestSchema, thing, type TestSchema } from './schema.testing.ts'

const built = { times: 0 }

const findThing = prepare((db: Reader<TestSchema>, p: Params<{ id: string }>) => {
  built.times += 1
  return db.selectFrom('thing').selectAll().where('id', '=', p.id)
})

const page = prepare((db: Reader<TestSchema>, p: Params<{ least: number; most: number; limit: number }>) =>
  db
    .selectFrom('thing')
    .select(['id', 'size'])
    .where('size', '<=', p.most)
    .where('flag', '=', 0)
    .where('size', '>=', p.least)
    .orderBy('size')
    .limit(p.limit),
)

const insertThing = prepareWrite((tx: Tx<TestSchema>, p: Params<TestSchema['thing']>) =>
  tx.insertInto('thing').values({ id: p.id, name: p.name, size: p.size, flag: p.flag, note: p.note, data: p.data }),
)

const resize = prepareWrite((tx: Tx<TestSchema>, p: Params<{ id: string; size: number }>) =>
  tx.updateTable('thing').set({ size: p.size }).where('id', '=', p.id).returning(['id', 'size']),
)

const removeThing = prepareWrite((tx: Tx<TestSchema>, p: Params<{ id: string }>) =>
  tx.deleteFrom('thing').where('id', '=', p.id),
)

describe.each(['sqlite', 'postgres'] as const)('prepared queries on %s', (engine) => {
  let database: TestDatabase
  let stores: Stores
  let main: Store<TestSchema>

  beforeAll(async () => {
    database = await freshDatabase(engine, { empty: true })
    ;({ stores, main } = await openTestSchema(database.options))
  })
  afterAll(async () => {
    await stores.close()
    await database.remove()
  })

  test('are built once and run with other parameters', async () => {
    const before = built.times
    await main.write(async (tx) => {
      for (const id of ['a', 'b', 'c']) expect(await insertThing.run(tx, thing(id, 5))).toBe(1)
      expect(await findThing.first(tx, { id: 'c' })).toEqual(thing('c', 5))
    })
    expect(await findThing.first(main.reader, { id: 'a' })).toEqual(thing('a', 5))
    expect(await findThing.first(main.reader, { id: 'b' })).toEqual(thing('b', 5))
    expect(await findThing.first(main.reader, { id: 'none' })).toBeUndefined()
    expect(await main.snapshot((db) => findThing.all(db, { id: 'b' }))).toEqual([thing('b', 5)])
    expect(built.times - before).toBe(1)
  })

  test('take each parameter by name, wherever it stands, beside constants', async () => {
    await main.write(async (tx) => {
      for (let size = 10; size < 20; size += 1) await insertThing.run(tx, thing(`size-${size}`, size))
    })
    const found = await page.all(main.reader, { limit: 2, least: 12, most: 19 })
    expect(found).toEqual([
      { id: 'size-12', size: 12 },
      { id: 'size-13', size: 13 },
    ])
  })

  test('return rows of a write, and count what they changed', async () => {
    await main.write(async (tx) => {
      expect(await resize.first(tx, { id: 'a', size: 77 })).toEqual({ id: 'a', size: 77 })
      expect(await resize.run(tx, { id: 'b', size: 78 })).toBe(1)
      expect(await removeThing.run(tx, { id: 'none' })).toBe(0)
      expect(await removeThing.run(tx, { id: 'c' })).toBe(1)
    })
    expect((await findThing.first(main.reader, { id: 'b' }))?.size).toBe(78)
  })

  test('accept null where the column does', async () => {
    await main.write((tx) => insertThing.run(tx, { ...thing('null'), note: null }))
    await main.write((tx) => insertThing.run(tx, { ...thing('text'), note: 'n' }))
    expect((await findThing.first(main.reader, { id: 'null' }))?.note).toBeNull()
    expect((await findThing.first(main.reader, { id: 'text' }))?.note).toBe('n')
  })

  test('refuse a missing parameter', async () => {
    // @ts-expect-error id is missing
    await expect(findThing.first(main.reader, {})).rejects.toThrow("Parameter 'id' is missing")
    // @ts-expect-error a number is not a text
    const wrong: Parameters<typeof findThing.first>[1] = { id: 5 }
    expect(wrong).toBeDefined()
  })

  test('refuse parameters that are spread', async () => {
    const spread = prepareWrite((tx: Tx<TestSchema>, p: Params<TestSchema['thing']>) =>
      tx.insertInto('thing').values({ ...p }),
    )
    await expect(main.write((tx) => spread.run(tx, thing('spread')))).rejects.toThrow('name each one')
  })

  test('refuse an ended transaction and strangers', async () => {
    const kept = await main.write(async (tx) => ({ tx }))
    await expect(findThing.first(kept.tx, { id: 'a' })).rejects.toThrow(TransactionEnded)
    await expect(findThing.first(main.library, { id: 'a' })).rejects.toThrow(/runs on a store’s reader/)
    // @ts-expect-error a reader cannot run a prepared write
    await expect(removeThing.run(main.reader, { id: 'a' })).rejects.toThrow(/read-?only/)
  })

  test('see columns that were added meanwhile', async () => {
    const all = prepare((db: Reader<TestSchema>, p: Params<{ id: string }>) =>
      db.selectFrom('part').selectAll().where('id', '=', p.id),
    )
    await main.write((tx) => tx.insertInto('part').values({ id: 'p', thing_id: 'a', weight: 0.5 }).execute())
    expect(await all.first(main.reader, { id: 'p' })).toEqual({ id: 'p', thing_id: 'a', weight: 0.5 })
    expect(await main.write((tx) => all.first(tx, { id: 'p' }))).toEqual({ id: 'p', thing_id: 'a', weight: 0.5 })
    await main.write((tx) => tx.schema.alterTable('part').addColumn('colour', 'text').execute())
    const grown = { id: 'p', thing_id: 'a', weight: 0.5, colour: null }
    expect(await main.write((tx) => all.first(tx, { id: 'p' }))).toEqual(grown)
    expect(await all.first(main.reader, { id: 'p' })).toEqual(grown)
  })
})
