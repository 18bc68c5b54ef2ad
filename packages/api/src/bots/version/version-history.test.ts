import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { minute } from '../../core/clock.ts'
import type { VersionFixture } from './version.testing.ts'
import { makeVersionFixture, newBot } from './version.testing.ts'

/** Saves versions with these names, a minute apart; gives their ids by name. */
async function save<N extends string>(s: VersionFixture, id: string, names: readonly N[]): Promise<Record<N, string>> {
  const ids: Record<string, string> = {}
  for (const name of names) {
    await s.bot.update({ id, configuration: { data: { name }, schema: {} } })
    ids[name] = (await s.version.create({ id, name, description: `About ${name}`, note: '50% done' })).version.id
    s.clock.advance(minute)
  }
  return ids
}

eachDialect('the history of versions', (open) => {
  test('tells who saved each, when, what came before, and which is or was current', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    await save(s, await newBot(s), ['foreign'])
    const ids = await save(s, id, ['one', 'two', 'three'])
    await s.version.deploy({ id, versionId: ids.one })
    await s.version.deploy({ id, versionId: ids.two })
    const { versions, meta } = await s.version.history({ id })
    expect(meta).toEqual({})
    expect(versions.map(({ name }) => name)).toEqual(['three', 'two', 'one'])
    expect(versions[1]).toEqual({
      id: ids.two,
      name: 'two',
      description: 'About two',
      note: '50% done',
      authorId: s.owner.userId,
      createdAt: '2026-03-01T12:02:00.000Z',
      current: true,
      deployed: true,
      beforeId: ids.one,
    })
    expect(versions[0]).toMatchObject({ current: false, deployed: false, beforeId: ids.two })
    expect(versions[2]).toMatchObject({ current: false, deployed: true, beforeId: null })
  })

  test('goes page by page, also through what is searched for', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const names = ['red 1', 'blue 1', 'red 2', 'blue 2', 'red 3'] as const
    const ids = await save(s, id, names)
    const walk = async (search?: string): Promise<string[]> => {
      const found: string[] = []
      let nextToken: string | undefined
      do {
        const asked = { id, pageSize: 2, ...(search !== undefined && { search }), ...(nextToken && { nextToken }) }
        const page = await s.version.history(asked)
        expect(page.versions.length).toBeLessThanOrEqual(2)
        found.push(...page.versions.map(({ name }) => name))
        nextToken = page.meta.nextToken
      } while (nextToken)
      return found
    }
    expect(await walk()).toEqual(names.toReversed())
    expect(await walk('RED')).toEqual(['red 3', 'red 2', 'red 1'])
    expect(await walk('about blue 2')).toEqual(['blue 2'])
    expect(await walk(ids['blue 1'])).toEqual(['blue 1'])
    expect(await walk('%')).toEqual([])
    expect((await s.version.history({ id, search: 'red 3' })).versions[0]?.beforeId).toBe(ids['blue 2'])
    const { meta } = await s.version.history({ id, pageSize: 1 })
    const other = s.version.history({ id, search: 'red', pageSize: 1, nextToken: meta.nextToken })
    await expect(other).rejects.toMatchObject({ type: 'InvalidQuery' })
  })

  test('an edit since is told, until the bot is what its version holds again', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    await s.bot.update({ id, code: 'run()' })
    const edited = async () => (await s.version.current({ id })).edited
    expect(await edited()).toBe(false)
    await s.bot.update({ id, name: 'Renamed', tags: { a: '1' } })
    expect(await edited()).toBe(false)
    await s.bot.update({ id, events: { ping: { schema: {} } } })
    expect(await edited()).toBe(true)
    await s.bot.update({ id, events: { ping: null } })
    expect(await edited()).toBe(false)
  })

  test('which version is current, and what a rollback puts there, is what a rollback then does', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    expect(await s.version.current({ id })).toEqual({
      current: null,
      edited: false,
      deployment: null,
      rollbackTo: null,
    })
    const ids = await save(s, id, ['one', 'two'])
    const name = (of: 'one' | 'two') => ({ id: ids[of], name: of })
    await s.version.deploy({ id, versionId: ids.two })
    expect(await s.version.current({ id })).toMatchObject({ current: name('two'), rollbackTo: null })
    await expect(s.version.rollback({ id })).rejects.toMatchObject({ type: 'RelationConflict' })
    for (const versionId of [ids.one, ids.one, ids.two, ids.two]) {
      s.clock.advance(minute)
      await s.version.deploy({ id, versionId })
    }
    for (const [current, rollbackTo] of [
      ['two', 'one'],
      ['one', 'two'],
    ] as const) {
      const found = await s.version.current({ id })
      expect(found).toMatchObject({ current: name(current), rollbackTo: name(rollbackTo) })
      expect(found.deployment?.versionId).toBe(ids[current])
      s.clock.advance(minute)
      expect(await s.version.rollback({ id })).toEqual({ versionId: ids[rollbackTo] })
    }
  })
})
