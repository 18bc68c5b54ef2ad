import { eachDialect } from '@steward/db/testing'
import { expect, test, vi } from 'vitest'
import { auditOf, changeOf } from '../bot/fixture.testing.ts'
import { minute } from '../../core/clock.ts'
import { storesOf } from '../../core/app-context.ts'
import { sha256 } from '../../core/secrets.ts'
import { contentHash } from './version-content.ts'
import type { VersionFixture } from './version.testing.ts'
import { makeVersionFixture, newBot, rowOf } from './version.testing.ts'

const refused = (type: string, metadata = {}) =>
  expect.objectContaining({ type, metadata: expect.objectContaining(metadata) })
const event = { schema: { type: 'object' } }

async function deployCode(s: VersionFixture, id: string, code: string): Promise<string> {
  s.clock.advance(minute)
  await s.bot.update({ id, code })
  return (await rowOf(s, id)).current_version_id ?? ''
}

eachDialect('deploying versions', (open) => {
  test('a deployment makes definition and code of the version current', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    await s.bot.update({ id, events: { ping: event }, tags: { stage: 'test' }, secrets: { TOKEN: 'x' } })
    const one = await deployCode(s, id, 'one()')
    await s.bot.update({ id, events: { ping: null, pong: event }, name: 'Renamed' })
    const two = await deployCode(s, id, 'two()')
    s.clock.advance(minute)
    expect(
      await s.version.deploy({ id, versionId: one, note: 'two is broken', expectedCurrentVersionId: two }),
    ).toEqual({})
    expect(await rowOf(s, id)).toMatchObject({
      code_blob: sha256('one()'),
      current_version_id: one,
      deployed_at: '2026-03-01T12:03:00.000Z',
      updated_at: '2026-03-01T12:03:00.000Z',
    })
    const { bot } = await s.bot.get({ id })
    expect(bot).toMatchObject({ events: { ping: event }, name: 'Renamed', tags: { stage: 'test' }, secrets: ['TOKEN'] })
    expect(bot.events).not.toHaveProperty('pong')
    const { deployments, meta } = await s.version.listDeployments({ id })
    expect(meta).toEqual({})
    expect(deployments[0]).toEqual({
      id: expect.stringMatching(/^deploy_/),
      versionId: one,
      versionName: 'Deployed 2026-03-01T12:01:00.000Z',
      previousVersionId: two,
      kind: 'deploy',
      note: 'two is broken',
      deployedBy: s.owner.userId,
      at: '2026-03-01T12:03:00.000Z',
    })
    expect((await auditOf(s.fixture)).at(-1)).toMatchObject({
      action: 'DEPLOY_BOT',
      operation: 'version.deploy',
      resource_id: id,
      payload: { before: { currentVersionId: two }, after: { currentVersionId: one, note: 'two is broken' } },
    })
    expect(await changeOf(s.fixture, s.workspaceId, id)).toEqual({ type: 'bot', deleted: 0 })
  })

  test('changes that no version holds are saved before they are overwritten', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const one = await deployCode(s, id, 'one()')
    await s.bot.update({ id, events: { draft: event } })
    const drafted = await rowOf(s, id)
    s.clock.advance(minute)
    await s.version.deploy({ id, versionId: one })
    const [kept] = (await s.version.list({ id })).versions
    expect(kept?.name).toBe('Before Deployed 2026-03-01T12:01:00.000Z')
    expect((await s.version.listDeployments({ id })).deployments[0]?.previousVersionId).toBe(kept?.id)
    await s.version.deploy({ id, versionId: kept?.id ?? '' })
    expect(await rowOf(s, id)).toMatchObject({ document: drafted.document, code_blob: drafted.code_blob })
    expect((await s.version.list({ id })).versions).toHaveLength(2)
  })

  test('an update with code keeps what the bot was, and reuses a version of the same content', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const one = await deployCode(s, id, 'one()')
    await s.bot.update({ id, events: { draft: event } })
    s.clock.advance(minute)
    await s.bot.update({ id, code: 'two()', events: { draft: null } })
    const names = (await s.version.list({ id })).versions.map((version) => version.name)
    expect(names.filter((name) => name.startsWith('Before Deployed'))).toHaveLength(1)
    expect(await deployCode(s, id, 'one()')).toBe(one)
    expect((await s.version.list({ id })).versions).toHaveLength(3)
    expect((await s.version.listDeployments({ id })).deployments.map((entry) => entry.kind)).toEqual([
      'update',
      'update',
      'update',
    ])
  })

  test('rolling back takes one step; again, it comes back', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    await expect(s.version.rollback({ id })).rejects.toEqual(refused('RelationConflict'))
    const one = await deployCode(s, id, 'one()')
    await expect(s.version.rollback({ id })).rejects.toEqual(refused('RelationConflict'))
    const two = await deployCode(s, id, 'two()')
    await deployCode(s, id, 'two()')
    s.clock.advance(minute)
    expect(await s.version.rollback({ id, note: 'oops', expectedCurrentVersionId: two })).toEqual({ versionId: one })
    expect((await rowOf(s, id)).code_blob).toBe(sha256('one()'))
    expect((await s.version.listDeployments({ id })).deployments[0]).toMatchObject({
      versionId: one,
      previousVersionId: two,
      kind: 'rollback',
      note: 'oops',
    })
    s.clock.advance(minute)
    await expect(s.version.rollback({ id, expectedCurrentVersionId: two })).rejects.toEqual(refused('RelationConflict'))
    expect(await s.version.rollback({ id })).toEqual({ versionId: two })
    expect((await rowOf(s, id)).code_blob).toBe(sha256('two()'))
  })

  test('a clock that goes back mixes up neither times nor which version was current before', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const one = await deployCode(s, id, 'one()')
    s.clock.advance(minute)
    const two = await deployCode(s, id, 'two()')
    const latest = await rowOf(s, id)
    s.clock.advance(-5 * minute)
    await s.version.deploy({ id, versionId: one })
    expect(await rowOf(s, id)).toMatchObject({ deployed_at: latest.deployed_at, updated_at: latest.updated_at })
    const three = await deployCode(s, id, 'three()')
    await s.bot.publishJson({ id, botJson: { code: 'four()' } })
    const [four] = (await s.version.list({ id })).versions
    const order = (await s.version.listDeployments({ id })).deployments
    expect(order.map((entry) => entry.versionId)).toEqual([four?.id, three, one, two, one])
    expect(order.map((entry) => entry.at)).toEqual(
      order
        .map((entry) => entry.at)
        .toSorted()
        .toReversed(),
    )
    expect(await s.version.rollback({ id })).toEqual({ versionId: three })
    expect(await rowOf(s, id)).toMatchObject({ deployed_at: latest.deployed_at, updated_at: latest.updated_at })
    const { version } = await s.version.create({ id, name: 'saved last' })
    expect((await s.version.list({ id })).versions[0]?.id).toBe(version.id)
  })

  test('a deployment that expects another current version says who was faster', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const { version } = await s.version.create({ id, name: 'v' })
    const attempts = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((note) =>
        s.version.deploy({ id, versionId: version.id, expectedCurrentVersionId: null, note }),
      ),
    )
    const lost = attempts.filter((attempt) => attempt.status === 'rejected')
    expect(lost).toHaveLength(3)
    const [won] = (await s.version.listDeployments({ id })).deployments
    for (const { reason } of lost)
      expect(reason).toEqual(
        refused('RelationConflict', { expectedVersionId: null, currentVersionId: version.id, deployment: won }),
      )
    expect(won).toMatchObject({ versionName: 'v', deployedBy: s.owner.userId, previousVersionId: null })
  })

  test('versions of other bots are a conflict, unknown and foreign ones unknown', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const sibling = (await s.version.create({ id: await newBot(s), name: 'v' })).version.id
    const foreign = (await s.version.create({ id: await newBot(s, s.otherId), name: 'v' })).version.id
    await expect(s.version.deploy({ id, versionId: sibling })).rejects.toEqual(refused('RelationConflict'))
    for (const versionId of [foreign, 'botver_nowhere'])
      await expect(s.version.deploy({ id, versionId })).rejects.toEqual(refused('ReferenceNotFound'))
    expect((await s.version.listDeployments({ id })).deployments).toEqual([])
  })

  test('the history comes in pages', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const { version } = await s.version.create({ id, name: 'v' })
    for (let n = 0; n < 5; n++) await s.version.deploy({ id, versionId: version.id, note: `${n}` })
    const notes: string[] = []
    let nextToken: string | undefined
    do {
      const page = await s.version.listDeployments({ id, pageSize: 2, ...(nextToken ? { nextToken } : {}) })
      notes.push(...page.deployments.map((deployment) => deployment.note))
      nextToken = page.meta.nextToken
    } while (nextToken)
    expect(notes).toEqual(['4', '3', '2', '1', '0'])
    const stolen = (await s.version.listDeployments({ id, pageSize: 1 })).meta.nextToken ?? ''
    await expect(s.version.listDeployments({ id: await newBot(s), nextToken: stolen })).rejects.toEqual(
      refused('InvalidQuery'),
    )
  })

  test('text of before unpaired surrogates were refused is kept like any other content', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const good = await deployCode(s, id, 'good()')
    const { document } = await rowOf(s, id)
    const data = { broken: '\ud800' }
    const broken = JSON.stringify({ ...(JSON.parse(document) as object), configuration: { data, schema: {} } })
    await storesOf(s.app).main.write((tx) =>
      tx.updateTable('bot').set({ document: broken }).where('id', '=', id).execute(),
    )
    const later = await deployCode(s, id, 'later()')
    await s.version.deploy({ id, versionId: good })
    expect((await rowOf(s, id)).document).toBe(document)
    const kept = (await s.version.list({ id })).versions.map(({ name }) => name)
    expect(kept.filter((name) => name.startsWith('Before'))).toHaveLength(1)
    await s.version.deploy({ id, versionId: later })
    expect(await s.version.create({ id, name: 'again' })).toMatchObject({ version: { name: 'again' } })
  })
})

eachDialect('what a deployment does while others wait', (open) => {
  test('it reads each document once', async () => {
    const s = await makeVersionFixture(await open())
    const id = await newBot(s)
    const first = await deployCode(s, id, 'one()')
    await s.bot.update({ id, events: { ping: event } })
    const { document } = await rowOf(s, id)
    const parse = vi.spyOn(JSON, 'parse')
    await s.version.deploy({ id, versionId: first })
    const times = parse.mock.calls.filter(([text]) => text === document).length
    parse.mockRestore()
    expect(times).toBe(1)
  })
})

test('the same content has the same hash', () => {
  expect(contentHash({ document: '{"a":1,"b":2}', code_blob: null })).toBe(
    contentHash({ document: '{"b":2,"a":1}', code_blob: null }),
  )
  expect(contentHash({ document: '{}', code_blob: null })).not.toBe(contentHash({ document: '{}', code_blob: 'x' }))
})
