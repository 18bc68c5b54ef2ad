import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { isBusy, isDiskFull, isRefused, violationOf } from './dialect/portable.ts'
import { NestedWrite, TransactionEnded, TransactionFailed } from './errors.ts'
import type { Reader, Store, Stores, Tx } from './store.ts'
import { savepoint } from './session.ts'
import { freshDatabase, type TestDatabase } from './databases.testing.ts'
import { openTestSchema, thing, type TestSchema } from './schema.testing.ts'

const run = promisify(execFile)

describe.each(['sqlite', 'postgres'] as const)('store on %s', (engine) => {
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

  const insert = (tx: Tx<TestSchema>, id: string, size = 0) => tx.insertInto('thing').values(thing(id, size)).execute()
  const find = (db: Reader<TestSchema>, id: string) =>
    db.selectFrom('thing').selectAll().where('id', '=', id).executeTakeFirst()
  const increment = (id: string) => async (tx: Tx<TestSchema>) => {
    const row = await tx.selectFrom('thing').select('size').where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
    await tx
      .updateTable('thing')
      .set({ size: row.size + 1 })
      .where('id', '=', id)
      .execute()
  }

  test('a write is seen by the reader once committed, with all its values', async () => {
    const whole = { ...thing('whole', 2 ** 52), note: 'é ☃', data: Buffer.from([0, 255]) }
    await main.write(async (tx) => {
      await tx.insertInto('thing').values(whole).execute()
      expect(await find(main.reader, 'whole')).toBeUndefined()
    })
    expect(await find(main.reader, 'whole')).toEqual(whole)
  })

  test('a write that throws leaves nothing', async () => {
    const failing = main.write(async (tx) => {
      await insert(tx, 'undone')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await find(main.reader, 'undone')).toBeUndefined()
  })

  test('a write inside a write is refused at once, and the outer one may go on', async () => {
    await main.write(async (tx) => {
      await expect(main.write((inner) => insert(inner, 'inner'))).rejects.toThrow(NestedWrite)
      await expect(stores.telemetry.write(async () => {})).rejects.toThrow(NestedWrite)
      await expect(main.snapshot(async () => {})).rejects.toThrow(NestedWrite)
      await expect(main.library.selectFrom('thing').selectAll().execute()).rejects.toThrow(NestedWrite)
      await insert(tx, 'outer')
    })
    expect(await find(main.reader, 'outer')).toBeDefined()
  })

  test('what a write started and left running may write later', async () => {
    let later: Promise<unknown> = Promise.resolve()
    await main.write(async (tx) => {
      await insert(tx, 'sooner')
      later = new Promise((resolve) => setTimeout(resolve, 30)).then(() => main.write((own) => insert(own, 'later')))
    })
    await later
    expect(await find(main.reader, 'later')).toBeDefined()
  })

  test('a transaction that was kept cannot be used', async () => {
    const kept = await main.write(async (tx) => ({ tx }))
    await expect(insert(kept.tx, 'late')).rejects.toThrow(TransactionEnded)
    expect(await find(main.reader, 'late')).toBeUndefined()
  })

  test('a failed statement dooms the transaction, also when its error is swallowed', async () => {
    await main.write((tx) => insert(tx, 'taken'))
    const swallowing = main.write(async (tx) => {
      await insert(tx, 'doomed')
      await insert(tx, 'taken').catch((error: unknown) => expect(violationOf(error)).toBe('unique'))
      const further = insert(tx, 'further')
      await expect(further).rejects.toThrow(TransactionFailed)
      await expect(further).rejects.toSatisfy(({ cause }: Error) => violationOf(cause) === 'unique')
    })
    await expect(swallowing).rejects.toThrow(TransactionFailed)
    expect(await find(main.reader, 'doomed')).toBeUndefined()
  })

  test('also when it was not waited for', async () => {
    const hasty = main.write(async (tx) => {
      await insert(tx, 'hasty')
      void sql`select id from nowhere`.execute(tx).catch(() => {})
    })
    await expect(hasty).rejects.toThrow(TransactionFailed)
    await expect(hasty).rejects.toHaveProperty('cause.message', expect.stringContaining('nowhere'))
    expect(await find(main.reader, 'hasty')).toBeUndefined()
  })

  test('foreign keys hold', async () => {
    const orphan = main.write((tx) =>
      tx.insertInto('part').values({ id: 'p', thing_id: 'none', weight: 1.5 }).execute(),
    )
    await expect(orphan).rejects.toSatisfy((error) => violationOf(error) === 'foreign_key' && !isBusy(error))
    const parentless = main.write(async (tx) => {
      await insert(tx, 'parent')
      await tx.insertInto('part').values({ id: 'child', thing_id: 'parent', weight: 1.5 }).execute()
      await tx.deleteFrom('thing').where('id', '=', 'parent').execute()
    })
    await expect(parentless).rejects.toSatisfy((error) => violationOf(error) === 'foreign_key')
  })

  test('a full disk refuses writes, also those that come together; it is over when there is room', async () => {
    const large = (id: string): string => id.repeat(50_000)
    const fill = main.write(async (tx) => {
      await insert(tx, 'half')
      if (engine === 'postgres')
        await sql`do $$ begin raise exception 'no space' using errcode = '53100'; end $$`.execute(tx)
      // As many pages as there are now.
      await sql`pragma max_page_count = 1`.execute(tx)
      await insert(tx, large('f'))
    })
    const beside = main.write((tx) => insert(tx, large('b')))
    await expect(fill).rejects.toSatisfy(isDiskFull)
    if (engine === 'sqlite') await expect(beside).rejects.toSatisfy(isDiskFull)
    await beside.catch(() => {})
    expect(await find(main.reader, 'half')).toBeUndefined()
    if (engine === 'sqlite') await main.write((tx) => sql`pragma max_page_count = 1000000`.execute(tx))
    await main.write((tx) => insert(tx, large('a')))
    expect(await find(main.reader, large('a'))).toBeDefined()
  })

  test('a column refuses another type', async () => {
    const wrong = main.write((tx) =>
      sql`insert into thing (id, name, size, flag) values ('wrong', 'wrong', 'many', 0)`.execute(tx),
    )
    await expect(wrong).rejects.toThrow(/TEXT value in|invalid input syntax/)
  })

  test('the reader cannot write, whatever the SQL', async () => {
    await expect(sql`delete from thing`.execute(main.reader)).rejects.toThrow(/read-?only/)
    // @ts-expect-error a reader only selects
    expect(() => main.reader.deleteFrom('thing').compile()).not.toThrow()
  })

  test('counts and sums are numbers', async () => {
    const { count, sum } = await main.reader
      .selectFrom('thing')
      .select((eb) => [eb.fn.countAll().as('count'), eb.fn.sum('size').as('sum')])
      .executeTakeFirstOrThrow()
    expect([typeof count, typeof sum]).toEqual(['number', 'number'])
  })

  test('text sorts bytewise', async () => {
    await main.write(async (tx) => {
      for (const id of ['sort-b', 'sort-A', 'sort-a', 'sort-B', 'sort-_']) await insert(tx, id)
    })
    const rows = await main.reader
      .selectFrom('thing')
      .select('id')
      .where('id', 'like', 'sort-%')
      .orderBy('id')
      .execute()
    expect(rows.map((row) => row.id)).toEqual(['sort-A', 'sort-B', 'sort-_', 'sort-a', 'sort-b'])
  })

  test('100 writes at once that read, then write, lose nothing', async () => {
    await main.write((tx) => insert(tx, 'hundred'))
    await Promise.all(Array.from({ length: 100 }, () => main.write(increment('hundred'))))
    expect((await find(main.reader, 'hundred'))?.size).toBe(100)
  })

  test('a snapshot keeps its state while others write; the reader goes on', async () => {
    await main.write((tx) => insert(tx, 'snap'))
    await main.snapshot(async (db) => {
      await main.write(increment('snap'))
      expect((await find(db, 'snap'))?.size).toBe(0)
      expect((await find(main.reader, 'snap'))?.size).toBe(1)
    })
  })

  test('more snapshots at once than connections take their turns', async () => {
    const reads = Array.from({ length: 12 }, () => main.snapshot((db) => find(db, 'snap')))
    expect((await Promise.all(reads)).map((row) => row?.id)).toEqual(Array(12).fill('snap'))
  })

  test('rows can be streamed from reader and snapshot', async () => {
    const streamed = async (db: Reader<TestSchema>): Promise<string[]> => {
      const ids: string[] = []
      for await (const row of db.selectFrom('thing').select('id').where('id', '>', '').orderBy('id').stream(2))
        ids.push(row.id)
      return ids
    }
    const all = (await main.reader.selectFrom('thing').select('id').orderBy('id').execute()).map((row) => row.id)
    expect(all.length).toBeGreaterThan(4)
    expect(await streamed(main.reader)).toEqual(all)
    expect(await main.snapshot(streamed)).toEqual(all)
  })

  test('a library’s transaction and writes take turns', async () => {
    await main.write((tx) => insert(tx, 'shared'))
    const byLibrary = main.library.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('thing')
        .select('size')
        .where('id', '=', 'shared')
        .forUpdate()
        .executeTakeFirstOrThrow()
      await new Promise((resolve) => setTimeout(resolve, 30))
      await tx
        .updateTable('thing')
        .set({ size: row.size + 1 })
        .where('id', '=', 'shared')
        .execute()
    })
    await Promise.all([byLibrary, main.write(increment('shared')), main.write(increment('shared'))])
    expect((await find(main.reader, 'shared'))?.size).toBe(3)
    const rolledBack = main.library.transaction().execute(async (tx) => {
      await tx.deleteFrom('thing').where('id', '=', 'shared').execute()
      throw new Error('no')
    })
    await expect(rolledBack).rejects.toThrow('no')
    expect(await find(main.reader, 'shared')).toBeDefined()
  })

  test('three processes that read, then write, lose nothing and never fail', async () => {
    await main.write((tx) => insert(tx, 'counter'))
    const script = join(import.meta.dirname, 'schema-process.testing.ts')
    const args = [script, 'increment', JSON.stringify(database.options), '200']
    await Promise.all([1, 2, 3].map(() => run(process.execPath, args)))
    expect((await find(main.reader, 'counter'))?.size).toBe(600)
  })

  test('waiting for another connection’s write does not block this process', async () => {
    const other = await openTestSchema(database.options)
    await main.write((tx) => insert(tx, 'waited'))
    const slow = other.main.write(async (tx) => {
      await increment('waited')(tx)
      // A wait that blocks lets none of these pass, until it gives up.
      for (let tick = 0; tick < 40; tick += 1) await new Promise((resolve) => setTimeout(resolve, 5))
    })
    await Promise.all([slow, main.write(increment('waited'))])
    await other.stores.close()
    expect((await find(main.reader, 'waited'))?.size).toBe(2)
  })

  test('a part that fails is undone alone, and the rest is kept', async () => {
    await main.write(async (tx) => {
      await insert(tx, 'before part')
      await savepoint(tx, () => insert(tx, 'kept part'))
      const thrown = savepoint(tx, async () => {
        await insert(tx, 'thrown part')
        throw new Error('no')
      })
      await expect(thrown).rejects.toThrow('no')
      const refused = savepoint(tx, async () => {
        await insert(tx, 'refused part')
        await savepoint(tx, () => insert(tx, 'inner part'))
        await insert(tx, 'before part')
      })
      await expect(refused).rejects.toSatisfy((error) => violationOf(error) === 'unique' && isRefused(error))
      const swallowed = savepoint(tx, () => insert(tx, 'before part').catch(() => {}))
      await expect(swallowed).rejects.toThrow(TransactionFailed)
      await insert(tx, 'after part')
    })
    const rows = await main.reader
      .selectFrom('thing')
      .select('id')
      .where('id', 'like', '% part')
      .orderBy('id')
      .execute()
    expect(rows.map(({ id }) => id)).toEqual(['after part', 'before part', 'kept part'])
  })

  test('a value that no column takes is refused; a failed statement outside of a part still dooms the write', async () => {
    const doomed = main.write(async (tx) => {
      await insert(tx, 'doomed')
      await savepoint(tx, () => insert(tx, 'doomed')).catch(() => {})
      await insert(tx, 'doomed').catch(() => {})
      await savepoint(tx, () => insert(tx, 'too late'))
    })
    await expect(doomed).rejects.toThrow(TransactionFailed)
    expect(await find(main.reader, 'doomed')).toBeUndefined()
    const wrong = main.write((tx) =>
      tx
        .insertInto('thing')
        .values({ ...thing('wrong'), size: 'much' as never })
        .execute(),
    )
    await expect(wrong).rejects.toSatisfy(isRefused)
    expect(isRefused(new Error('no'))).toBe(false)
  })

  test('writes that come together are each all or nothing, in order, and answered after the commit', async () => {
    const names = Array.from({ length: 80 }, (_, i) => `group ${String(i).padStart(2, '0')}`)
    const done = await Promise.allSettled(
      names.map((id, i) =>
        main.write(
          async (tx) => {
            await insert(tx, id)
            // Some fail by themselves, some by the engine, some after a statement that they do not tell of.
            if (i % 5 === 1) throw new Error('no')
            if (i % 5 === 2) await insert(tx, id)
            if (i % 5 === 3) await insert(tx, id).catch(() => {})
            return id
          },
          { turn: 'group', together: 'group' },
        ),
      ),
    )
    const kept = names.filter((_, i) => i % 5 === 0 || i % 5 === 4)
    expect(done.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))).toEqual(kept)
    const rows = await main.reader
      .selectFrom('thing')
      .select('id')
      .where('id', 'like', 'group %')
      .orderBy('id')
      .execute()
    expect(rows.map(({ id }) => id)).toEqual(kept)
  })

  test('the whole write runs again when the engine asks for it', async () => {
    const runs = { count: 0 }
    const result = await main.write(async (tx) => {
      runs.count += 1
      await insert(tx, `again-${runs.count}`)
      if (runs.count < 3)
        throw Object.assign(new Error('try again'), { code: engine === 'sqlite' ? 'SQLITE_BUSY' : '40001' })
      return runs.count
    })
    expect(result).toBe(3)
    expect(await find(main.reader, 'again-1')).toBeUndefined()
    expect(await find(main.reader, 'again-3')).toBeDefined()
  })

  test('but not for ever', async () => {
    const runs = { count: 0 }
    const never = main.write(async () => {
      runs.count += 1
      throw Object.assign(new Error('busy'), { code: engine === 'sqlite' ? 'SQLITE_BUSY' : '40P01' })
    })
    await expect(never).rejects.toSatisfy(isBusy)
    expect(runs.count).toBe(5)
  })

  test('an open write does not hold up close for others: it is waited for', async () => {
    const own = await freshDatabase(engine, { empty: true })
    const opened = await openTestSchema(own.options)
    const writing = opened.main.write(async (tx) => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      await insert(tx, 'last')
    })
    await Promise.all([writing, opened.stores.close()])
    await opened.stores.close()
    const again = await openTestSchema(own.options)
    expect(await find(again.main.reader, 'last')).toBeDefined()
    await again.stores.close()
    await own.remove()
  })
})
