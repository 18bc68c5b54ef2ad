import { versionRow } from '@steward/testkit'
import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { auditOf, changeOf, join, tables } from '../bot/fixture.testing.ts'
import { minute } from '../../core/clock.ts'
import { storesOf } from '../../core/app-context.ts'
import { sha256 } from '../../core/secrets.ts'
import { anonymous, seedPerson } from '../../core/app.testing.ts'
import type { VersionFixture } from './version.testing.ts'
import { makeVersionFixture, newBot, rowOf } from './version.testing.ts'

const refused = (type: string) => expect.objectContaining({ type })
const event = { schema: { type: 'object' } }

/** Three versions: an empty bot, one with an event, one with code. */
async function threeVersions(s: VersionFixture, id: string): Promise<[string, string, string]> {
  const first = (await s.version.create({ id, name: 'empty' })).version.id
  s.clock.advance(minute)
  await s.bot.update({ id, events: { ping: event } })
  const second = (await s.version.create({ id, name: 'with event', description: 'ping', note: 'why' })).version.id
  s.clock.advance(minute)
  await s.bot.update({ id, code: 'run(1)\nrun(2)\n' })
  const third = (await rowOf(s, id)).current_version_id ?? ''
  s.clock.advance(minute)
  return [first, second, third]
}

eachDialect('versions', (open) => {
  test('saves the bot, newest first, and tells all about each version', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const [first, second, third] = await threeVersions(s, id)
    const at = (minutes: number) => `2026-03-01T12:0${minutes}:00.000Z`
    const saved = { authorId: s.owner.userId, current: false }
    expect((await s.version.list({ id })).versions).toEqual([
      { ...saved, id: third, name: 'Deployed 2026-03-01T12:02:00.000Z', createdAt: at(2), current: true },
      { ...saved, id: second, name: 'with event', description: 'ping', createdAt: at(1) },
      { ...saved, id: first, name: 'empty', createdAt: at(0) },
    ])
    const { version } = await s.version.describe({ id, versionId: second })
    expect(version).toEqual({
      id: second,
      botId: id,
      name: 'with event',
      description: 'ping',
      note: 'why',
      authorId: s.owner.userId,
      createdAt: '2026-03-01T12:01:00.000Z',
      contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      parentId: null,
      beforeId: first,
      codeHash: null,
      codeSize: null,
      documentSize: (await rowOf(s, id)).document.length,
      current: false,
    })
    const deployed = (await s.version.describe({ id, versionId: third })).version
    expect(deployed).toMatchObject({ current: true, codeHash: sha256('run(1)\nrun(2)\n'), codeSize: 14 })
    expect(deployed.contentHash).not.toBe(version.contentHash)
    const records = (await auditOf(s.fixture)).filter((record) => record.operation === 'version.create')
    expect(records.map((record) => record.resource_id)).toEqual([first, second])
    expect(records[1]?.payload).toMatchObject({ after: { botId: id, name: 'with event', note: 'why' } })
    expect(await changeOf(s.fixture, s.workspaceId, second)).toEqual({ type: 'version', deleted: 0 })
  })

  test('what is said of a version anew is a version of its own', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const ids = new Set<string>()
    for (const said of [{}, { description: 'A' }, { description: 'A' }, { description: 'B' }, { note: 'why' }]) {
      const { version } = await s.version.create({ id, name: 'one', ...said })
      expect(await s.version.describe({ id, versionId: version.id })).toMatchObject({ version: said })
      ids.add(version.id)
    }
    expect(ids.size).toBe(4)
  })

  test('the same content under the same name is the same version', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    await s.bot.update({ id, configuration: { data: { a: 1, b: 2 } } })
    const first = await s.version.create({ id, name: 'one' })
    await s.bot.update({ id, configuration: { data: { b: 2, a: 1 } } })
    expect(await s.version.create({ id, name: 'one' })).toEqual(first)
    const renamed = await s.version.create({ id, name: 'two' })
    expect(renamed.version.id).not.toBe(first.version.id)
    const again = await s.version.create({ id, name: 'one' })
    expect(again.version.id).not.toBe(first.version.id)
    await s.bot.update({ id, configuration: { data: { a: 1, b: 3 } } })
    const changed = await s.version.create({ id, name: 'one' })
    expect((await s.version.list({ id })).versions.map((version) => version.id)).toEqual(
      [first, renamed, again, changed].map((answer) => answer.version.id).toReversed(),
    )
  })

  test('twice at once with one key has one effect', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const keyed = s.as(s.owner.actor, { idempotencyKey: 'once' }).version
    const [a, b] = await Promise.all([keyed.create({ id, name: 'x' }), keyed.create({ id, name: 'x' })])
    expect(a).toEqual(b)
    expect((await s.version.list({ id })).versions).toHaveLength(1)
    expect((await auditOf(s.fixture)).filter((record) => record.operation === 'version.create')).toHaveLength(1)
    const versionId = a.version.id
    const deploy = s.as(s.owner.actor, { idempotencyKey: 'deploy' }).version
    await Promise.all([deploy.deploy({ id, versionId }), deploy.deploy({ id, versionId })])
    expect((await s.version.listDeployments({ id })).deployments).toHaveLength(1)
  })

  test('no version and no deployment can be changed', async () => {
    const stores = await open()
    const s = await makeVersionFixture(stores)
    const id = await newBot(s)
    const [, second] = await threeVersions(s, id)
    const update = stores.main.write((tx) =>
      tx.updateTable('version').set({ name: 'forged' }).where('id', '=', second).execute(),
    )
    await expect(update).rejects.toThrow('version rows are immutable')
    const rewrite = stores.main.write((tx) => tx.updateTable('deployment').set({ note: 'forged' }).execute())
    await expect(rewrite).rejects.toThrow('deployment rows are immutable')
    expect((await s.version.describe({ id, versionId: second })).version.name).toBe('with event')
  })

  test('tells two versions apart', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const [first, second, third] = await threeVersions(s, id)
    expect(await s.version.diff({ id, from: first, to: second })).toEqual({
      changes: [{ path: ['events', 'ping'], kind: 'added', after: event }],
      truncated: false,
      code: { changed: false, before: null, after: null, lines: null },
    })
    await s.bot.update({ id, code: 'run(1)\nrun(3)\nrun(4)\n', events: { ping: { schema: { type: 'string' } } } })
    const { current_version_id } = await rowOf(s, id)
    expect(await s.version.diff({ id, from: third, to: current_version_id ?? '' })).toEqual({
      changes: [{ path: ['events', 'ping', 'schema', 'type'], kind: 'changed', before: 'object', after: 'string' }],
      truncated: false,
      code: {
        changed: true,
        before: { hash: sha256('run(1)\nrun(2)\n'), size: 14 },
        after: { hash: sha256('run(1)\nrun(3)\nrun(4)\n'), size: 21 },
        lines: { added: 2, removed: 1 },
      },
    })
    expect((await s.version.diff({ id, from: third, to: first })).code).toMatchObject({
      after: null,
      lines: { added: 0, removed: 2 },
    })
  })

  test('refuses who may not, and what is not there', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const { version } = await s.version.create({ id, name: 'v' })
    const versionId = version.id
    const viewer = s.as((await join(s.fixture, 'viewer')).actor).version
    expect((await viewer.list({ id })).versions).toHaveLength(1)
    expect((await viewer.describe({ id, versionId })).version.id).toBe(versionId)
    for (const attempt of [
      () => viewer.create({ id, name: 'x' }),
      () => viewer.get({ id, versionId }),
      () => viewer.deploy({ id, versionId }),
      () => viewer.rollback({ id }),
    ])
      await expect(attempt()).rejects.toEqual(refused('Forbidden'))
    const stranger = s.as((await seedPerson(s.app, 'stranger@example.com')).actor).version
    for (const attempt of [
      () => stranger.list({ id }),
      () => stranger.create({ id, name: 'x' }),
      () => stranger.get({ id, versionId }),
      () => stranger.describe({ id, versionId }),
      () => stranger.diff({ id, from: versionId, to: versionId }),
      () => stranger.deploy({ id, versionId }),
      () => stranger.rollback({ id }),
      () => stranger.listDeployments({ id }),
      () => s.version.list({ id, workspaceId: s.otherId }),
    ])
      await expect(attempt()).rejects.toEqual(refused('ResourceNotFound'))
    await expect(s.as(anonymous).version.list({ id })).rejects.toEqual(refused('Unauthorized'))
    await expect(s.version.create({ id, name: 'x'.repeat(201) })).rejects.toEqual(refused('LimitExceeded'))
    await expect(s.version.create({ id, name: 'nul \0' })).rejects.toThrow('must not contain NUL')
    const other = (await s.version.create({ id: await newBot(s), name: 'other' })).version.id
    for (const wrong of [other, 'botver_nowhere'])
      for (const attempt of [
        () => s.version.describe({ id, versionId: wrong }),
        () => s.version.get({ id, versionId: wrong }),
        () => s.version.diff({ id, from: wrong, to: versionId }),
        () => s.version.diff({ id, from: versionId, to: wrong }),
      ])
        await expect(attempt()).rejects.toEqual(refused('ResourceNotFound'))
  })

  test('a bot with the most versions is told so, and can still be deployed', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const rows = Array.from({ length: 10_000 }, (_, n) => versionRow({ id: `botver_${n}`, bot_id: id }))
    await storesOf(s.app).main.write(async (tx) => {
      for (let from = 0; from < rows.length; from += 1000)
        await tx
          .insertInto('version')
          .values(rows.slice(from, from + 1000))
          .execute()
    })
    await expect(s.version.create({ id, name: 'one more' })).rejects.toEqual(refused('LimitExceeded'))
    await s.bot.update({ id, code: 'still()' })
    expect(await tables(s.fixture).selectFrom('deployment').selectAll().execute()).toHaveLength(1)
  })
})
