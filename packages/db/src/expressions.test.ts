import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { after, before, byteLength, contains, dayOf } from './expressions.ts'
import type { Store, Stores } from './store.ts'
import { freshDatabase, type TestDatabase } from './databases.testing.ts'
import { openTestSchema, thing, type TestSchema } from './schema.testing.ts'

describe.each(['sqlite', 'postgres'] as const)('expressions on %s', (engine) => {
  let database: TestDatabase
  let stores: Stores
  let main: Store<TestSchema>

  beforeAll(async () => {
    database = await freshDatabase(engine, { empty: true })
    ;({ stores, main } = await openTestSchema(database.options))
    await main.write(async (tx) => {
      const notes = [
        'Plain Text',
        '100% sure',
        '100 sure',
        'under_score',
        'underXscore',
        String.raw`back\slash`,
        'Äpfel',
        "it's",
      ]
      for (const [index, note] of notes.entries())
        await tx
          .insertInto('thing')
          .values({ ...thing(`t${index}`, Math.floor(index / 2)), note })
          .execute()
      await tx
        .insertInto('thing')
        .values({ ...thing('time', 9), note: '2026-01-02T03:04:05.060Z' })
        .execute()
    })
  })
  afterAll(async () => {
    await stores.close()
    await database.remove()
  })

  test.each([
    ['plain', ['Plain Text']],
    ['N TEX', ['Plain Text']],
    ['100%', ['100% sure']],
    ['r_s', ['under_score']],
    ['\\', [String.raw`back\slash`]],
    ["it's", ["it's"]],
    ['Äp', ['Äpfel']],
    ['äp', []],
    ['nowhere', []],
  ])('contains(%s) takes the part as it is, in any case', async (part, expected) => {
    const rows = await main.reader
      .selectFrom('thing')
      .select('note')
      .where((eb) => contains(eb.ref('note'), part))
      .execute()
    expect(rows.map((row) => row.note)).toEqual(expected)
  })

  test('paging by two columns meets every row once, both ways', async () => {
    const all = async (direction: 'asc' | 'desc'): Promise<string[]> => {
      const ids: string[] = []
      let last: { id: string; size: number } | undefined
      for (;;) {
        const from = last
        const rows = await main.reader
          .selectFrom('thing')
          .select(['id', 'size'])
          .$if(from !== undefined, (query) =>
            query.where((eb) =>
              (direction === 'asc' ? after : before)([eb.ref('size'), from?.size], [eb.ref('id'), from?.id]),
            ),
          )
          .orderBy('size', direction)
          .orderBy('id', direction)
          .limit(3)
          .execute()
        if (rows.length === 0) return ids
        ids.push(...rows.map((row) => row.id))
        last = rows.at(-1)
      }
    }
    const expected = ['t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7', 'time']
    expect(await all('asc')).toEqual(expected)
    expect(await all('desc')).toEqual(expected.toReversed())
  })

  test('the bytes of a text', async () => {
    const rows = await main.reader
      .selectFrom('thing')
      .select((eb) => byteLength(eb.ref('note')).as('bytes'))
      .where('id', 'in', ['t0', 't6'])
      .orderBy('id')
      .execute()
    expect(rows).toEqual([{ bytes: 10 }, { bytes: 6 }])
  })

  test('the day of a time', async () => {
    const row = await main.reader
      .selectFrom('thing')
      .select((eb) => dayOf(eb.ref('note').$notNull()).as('day'))
      .where('id', '=', 'time')
      .executeTakeFirst()
    expect(row).toEqual({ day: '2026-01-02' })
  })
})
