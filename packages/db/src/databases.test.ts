import { existsSync } from 'node:fs'

import { beforeAll, beforeEach, expect, test } from 'vitest'

import { mainMigrations } from './migrations/index.ts'
import { openStores } from './dialect/open.ts'
import type { Stores } from './store.ts'
import { eachDialect, freshDatabase } from './databases.testing.ts'
import type { MainSchema } from './tables/index.ts'

eachDialect('stores for tests', (open, engine) => {
  let shared: Stores
  let own: Stores
  const former: Stores[] = []

  beforeAll(async () => {
    shared = await open()
  })
  beforeEach(async () => {
    own = await open()
    former.push(own)
  })
  const preference: MainSchema['preference'] = {
    owner_kind: 'user',
    owner_id: 'u',
    key: 'k',
    value: '1',
    updated_at: '2026-01-01T00:00:00.000Z',
  }
  const count = async ({ main }: Stores): Promise<number> =>
    (await main.reader.selectFrom('preference').select('key').execute()).length

  test.each([1, 2])('each test has a migrated database of its own (%i)', async () => {
    expect(own.engine).toBe(engine)
    expect(await count(own)).toBe(0)
    await own.main.write((tx) => tx.insertInto('preference').values(preference).execute())
    expect(await count(own)).toBe(1)
    expect(await count(shared)).toBe(0)
  })

  test('the databases of former tests are closed', async () => {
    for (const stores of former.slice(0, -1)) await expect(stores.main.ping()).rejects.toThrow(/closed|not open/)
    expect(former.length).toBeGreaterThan(2)
    await shared.main.ping()
  })

  test('a database can be opened twice and is gone once removed', async () => {
    const database = await freshDatabase(engine)
    const [one, other] = [await openStores(database.options), await openStores(database.options)]
    await one.main.write((tx) => tx.insertInto('preference').values(preference).execute())
    expect(await count(other)).toBe(1)
    await one.close()
    await other.close()
    await database.remove()
    if ('folder' in database.options) expect(existsSync(database.options.folder)).toBe(false)
    else await expect(openStores(database.options)).rejects.toThrow(/does not exist/)
    expect(mainMigrations.length).toBeGreaterThan(0)
  })
})
