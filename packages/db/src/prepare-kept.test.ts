import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { freshDatabase, type TestDatabase } from './databases.testing.ts'
import { prepare, prepareKept, type Params } from './prepare.ts'
import { openTestSchema, thing, type OpenTestSchema, type TestSchema } from './schema.testing.ts'
import { shareSeed } from './share.testing.ts'
import type { Reader, Store, Tx } from './store.ts'

type Asked = Params<{ id: string; name: string }>
const byIdAndName = (db: Reader<TestSchema>, p: Asked) =>
  db.selectFrom('thing').selectAll().where('id', '=', p.id).where('name', '=', p.name)

const kept = prepareKept(byIdAndName)
const plain = prepare(byIdAndName)

const ids = ['a', 'b', 'c', 'd']
const asked = (id: string) => ({ id, name: `name of ${id}` })

/** Numbers below `most`, the same for the same seed. */
function drawing(seed: number): (most: number) => number {
  let state = seed
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}

const put = (tx: Tx<TestSchema>, id: string, size: number) =>
  tx
    .insertInto('thing')
    .values(thing(id, size))
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ size }))
    .execute()

describe.each(['sqlite', 'postgres'] as const)('reads that are kept until the next commit (%s)', (engine) => {
  let database: TestDatabase
  let ours: OpenTestSchema
  let others: OpenTestSchema
  let main: Store<TestSchema>

  beforeAll(async () => {
    database = await freshDatabase(engine, { empty: true })
    ours = await openTestSchema(database.options)
    others = await openTestSchema(database.options)
    ;({ main } = ours)
    await main.write(async (tx) => {
      for (const id of ids) await put(tx, id, 0)
    })
  })
  afterAll(async () => {
    await ours.stores.close()
    await others.stores.close()
    await database.remove()
  })

  test('say what the statement would, whoever writes in between', async () => {
    const draw = drawing(shareSeed)
    for (let round = 1; round <= 300; round += 1) {
      const id = ids[draw(ids.length)] ?? 'a'
      const steps = [
        () => main.write((tx) => put(tx, id, round)),
        () => others.main.write((tx) => put(tx, id, round)),
        () => main.library.updateTable('thing').set({ size: round }).where('id', '=', id).execute(),
        () => others.main.write((tx) => tx.deleteFrom('thing').where('id', '=', id).execute()),
        // Undone, and read from inside meanwhile.
        () =>
          main
            .write(async (tx) => {
              await put(tx, id, -round)
              expect((await kept.first(tx, asked(id)))?.size).toBe(-round)
              expect(await kept.first(main.reader, asked(id))).toEqual(await plain.first(main.reader, asked(id)))
              throw new Error('undone')
            })
            .catch((cause: unknown) => expect(cause).toMatchObject({ message: 'undone' })),
        async () => {},
      ]
      await steps[draw(steps.length)]?.()
      for (const one of ids)
        for (let time = 0; time < 2; time += 1)
          expect(await kept.first(main.reader, asked(one))).toEqual(await plain.first(main.reader, asked(one)))
    }
  })

  test('see what another process has committed as soon as it says so', async () => {
    await main.write((tx) => put(tx, 'a', 0))
    const script = join(import.meta.dirname, 'schema-process.testing.ts')
    const child = fork(script, ['resize', JSON.stringify(database.options)])
    await once(child, 'message')
    for (let size = 1; size <= 50; size += 1) {
      for (let time = 0; time < 3; time += 1) expect((await kept.first(main.reader, asked('a')))?.size).toBe(size - 1)
      child.send({ id: 'a', size })
      await once(child, 'message')
    }
    expect((await kept.first(main.reader, asked('a')))?.size).toBe(50)
    child.disconnect()
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  test('a snapshot goes on saying what it began with', async () => {
    await main.write((tx) => put(tx, 'b', 1))
    await main.snapshot(async (db) => {
      expect((await kept.first(db, asked('b')))?.size).toBe(1)
      await others.main.write((tx) => put(tx, 'b', 2))
      expect((await kept.first(main.reader, asked('b')))?.size).toBe(2)
      expect((await kept.first(db, asked('b')))?.size).toBe(1)
    })
  })

  test('tell parameters apart, in whatever order they stand', async () => {
    await main.write(async (tx) => {
      await put(tx, 'b', 7)
      await tx
        .insertInto('thing')
        .values({ ...thing('x'), name: 'y', size: 1 })
        .execute()
      await tx
        .insertInto('thing')
        .values({ ...thing('y'), name: 'x', size: 2 })
        .execute()
      await tx
        .insertInto('thing')
        .values({ ...thing('n 1 '), name: 'z', size: 3 })
        .execute()
    })
    for (let time = 0; time < 3; time += 1) {
      expect((await kept.first(main.reader, { id: 'x', name: 'y' }))?.size).toBe(1)
      expect((await kept.first(main.reader, { name: 'x', id: 'y' }))?.size).toBe(2)
      expect((await kept.first(main.reader, { name: 'y', id: 'x' }))?.size).toBe(1)
      expect((await kept.first(main.reader, { id: 'n 1 ', name: 'z' }))?.size).toBe(3)
      expect(await kept.first(main.reader, { id: 'n', name: '1 z' })).toBeUndefined()
    }
    // @ts-expect-error name is missing
    await expect(kept.first(main.reader, { id: 'x' })).rejects.toThrow("Parameter 'name' is missing")
  })

  test('many rows and long ones are read all the same', async () => {
    const many = Array.from({ length: 1200 }, (_, number) => `many-${number}`)
    await main.write(async (tx) => {
      for (const id of many) await put(tx, id, 5)
      await tx
        .insertInto('thing')
        .values({ ...thing('long'), note: 'n'.repeat(5000) })
        .execute()
    })
    for (const id of [...many, ...many, ...many]) expect((await kept.first(main.reader, asked(id)))?.size).toBe(5)
    for (let time = 0; time < 3; time += 1)
      expect((await kept.first(main.reader, asked('long')))?.note).toHaveLength(5000)
  })
})

test('on SQLite a row is kept that was asked for twice, and nobody can change it for the next', async () => {
  const database = await freshDatabase('sqlite', { empty: true })
  const { main, stores } = await openTestSchema(database.options)
  await main.write((tx) => put(tx, 'a', 1))
  const first = await kept.first(main.reader, asked('a'))
  const row = await kept.first(main.reader, asked('a'))
  expect(row).toEqual(first)
  expect(row).not.toBe(first)
  expect(await kept.first(main.reader, asked('a'))).toBe(row)
  expect(() => Object.assign(row as object, { size: 2 })).toThrow(TypeError)
  await main.write((tx) => put(tx, 'b', 1))
  const again = await kept.first(main.reader, asked('a'))
  expect(again).toEqual(row)
  expect(again).not.toBe(row)
  await stores.close()
  await expect(kept.first(main.reader, asked('a'))).rejects.toThrow('not open')
  await database.remove()
})
