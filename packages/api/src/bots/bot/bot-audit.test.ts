import { areas } from '../../root.ts'
import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { makeVersionFixture } from '../version/version.testing.ts'
import { auditOf } from './fixture.testing.ts'

const run = { input: { schema: {} }, output: { schema: {} } }
const schema = { type: 'object', properties: { port: { type: 'integer' } }, required: ['port'] }

/** What of bots and versions stands in the trail: all but lists and plain reading. */
const onTheRecord =
  /^(bot|version)\.(?!list|get$|getAllowlist|history|current|describe|diff|introspect)\w+$|^version\.get$/

eachDialect('the audit trail of a bot', (open) => {
  async function withBot(fields: object = {}) {
    const fixture = await makeVersionFixture(await open())
    const { fixture: s, bot: owner, version } = fixture
    const { bot } = await owner.create({ workspaceId: s.workspaceId, name: 'Bot', ...fields })
    s.clock.advance(1000)
    return { s, id: bot.id, owner, version }
  }

  it('tells what a bot was born with', async () => {
    const secrets = { TOKEN: 'secret-value' }
    const { s } = await withBot({
      tags: { team: 'red' },
      url: 'https://secret.test',
      secrets,
      events: { ping: { schema: {} } },
    })
    const [born] = await auditOf(s)
    expect(born?.payload['after']).toEqual({
      name: 'Bot',
      dev: false,
      type: 'studio',
      tags: { team: 'red' },
      url: '(set)',
      secrets: { TOKEN: '(set)' },
      events: { ping: { schema: {} } },
    })
    expect(JSON.stringify(born)).not.toMatch(/secret-value|https:/)
  })

  it('tells of a secret and a URL that they were replaced, not by what', async () => {
    const { s, id, owner } = await withBot({ secrets: { TOKEN: 'one', KEPT: 'x' }, url: 'https://one.test' })
    await owner.update({ id, secrets: { TOKEN: 'two', NEW: 'three' }, url: 'https://two.test' })
    await owner.updateAllowlist({ botId: id, setting: 'SELECTED_USERS' })
    await owner.update({ id, secrets: { TOKEN: 'four' } })
    const [, replaced, , hidden] = await auditOf(s)
    expect(replaced?.payload).toMatchObject({
      before: { url: '(set)', secrets: { TOKEN: '(set)' } },
      after: { url: '(replaced)', secrets: { TOKEN: '(replaced)', NEW: '(set)' } },
    })
    expect(hidden?.payload['after']).toEqual({ parts: ['secrets'] })
    expect(JSON.stringify(await auditOf(s))).not.toMatch(/"(one|two|three|four)"|https:/)
  })

  it('tells in the audit trail what was touched, and nothing else', async () => {
    const { s, id, owner } = await withBot({ tags: { a: '1', b: '2' }, actions: { run } })
    await owner.update({ id, tags: { a: '9' }, url: 'https://secret.test', medias: [] })
    await owner.update({ id, configuration: { data: { port: 1 }, schema } })
    const [, first, second] = await auditOf(s)
    expect(first?.payload).toMatchObject({
      before: { tags: { a: '1' }, url: null },
      after: { tags: { a: '9' }, url: '(set)' },
    })
    expect(Object.keys(first?.payload['after'] as object).toSorted()).toEqual(['tags', 'url'])
    expect(second?.action).toBe('UPDATE_BOT_CONFIG')
    expect(second?.payload['after']).toEqual({ configuration: { data: { port: 1 }, schema } })
  })

  it('holds of large data what was changed in it, not the rest', async () => {
    const texts = Object.fromEntries(Array.from({ length: 18 }, (_, i) => [`t${i}`, 'x'.repeat(1000)]))
    const { s, id, owner } = await withBot({ configuration: { data: { port: 1, texts, list: [1, 2] } } })
    await owner.update({ id, configuration: { data: { port: 1, texts: { ...texts, t7: 'new' }, list: [1, 2, 3] } } })
    const [, changed] = await auditOf(s)
    expect(changed?.payload).toMatchObject({
      before: { configuration: { data: { texts: { t7: texts['t7'] }, list: [1, 2] } } },
      after: { configuration: { data: { texts: { t7: 'new' }, list: [1, 2, 3] } } },
    })
    expect(JSON.stringify(changed?.payload).length).toBeLessThan(3000)
  })

  it('names in the audit trail what was touched of a bot for selected people, without its content', async () => {
    const { s, id, owner } = await withBot({ configuration: { data: { port: 'former-value' } } })
    await owner.updateAllowlist({ botId: id, setting: 'SELECTED_USERS' })
    await owner.update({ id, description: 'hidden-text', configuration: { data: { port: 'present-value' } } })
    const last = (await auditOf(s)).at(-1)
    expect(last?.payload).toMatchObject({ before: null, after: { parts: ['description', 'configuration'] } })
    expect(JSON.stringify(last)).not.toMatch(/former-value|present-value|hidden-text/)
  })

  it('holds nothing that was written about a bot for selected people, its new name included', async () => {
    const { s, id, owner, version } = await withBot()
    await owner.updateAllowlist({ botId: id, setting: 'SELECTED_USERS' })
    const closed = (await auditOf(s)).length
    const written = { name: 'hidden-name', description: 'hidden-text', note: 'hidden-text' }
    await owner.update({ id, name: 'hidden-bot' })
    await owner.updateAllowlist({ botId: id, users: { [s.owner.userId]: true } })
    const { version: saved } = await version.create({ id, ...written })
    await version.create({ id, ...written })
    await version.get({ id, versionId: saved.id })
    await owner.update({ id, description: 'hidden-text' })
    await version.deploy({ id, versionId: saved.id, note: 'hidden-text' })
    s.clock.advance(1000)
    await owner.update({ id, configuration: { data: { port: 1 }, schema } })
    await version.deploy({ id, versionId: saved.id, note: 'hidden-text' })
    s.clock.advance(1000)
    await version.rollback({ id })
    const json = await owner.getJson({ id })
    await owner.publishJson({ id, botJson: json })
    const key = await owner.createKey({ botId: id, note: 'hidden-text' })
    await owner.deleteKey({ id: key.id })
    await owner.rotateSigningSecret({ id })
    const twin = (await owner.create({ workspaceId: s.workspaceId, name: 'Twin' })).bot.id
    await owner.updateAllowlist({ botId: twin, setting: 'SELECTED_USERS' })
    await owner.update({ id: twin, name: 'hidden-twin' })
    await owner.transfer({ id: twin, targetWorkspaceId: s.otherId })
    await owner.delete({ id })
    const records = await auditOf(s)
    // Every operation that changes a bot or reads it on the record: a new one belongs in this list.
    expect(new Set(records.map(({ operation }) => operation))).toEqual(
      new Set(Object.keys(areas.permissions).filter((name) => onTheRecord.test(name))),
    )
    expect(records.length).toBeGreaterThan(closed + 15)
    expect(JSON.stringify(records)).not.toMatch(/hidden-/)
    expect(JSON.stringify(await auditOf(s, s.otherId))).not.toMatch(/hidden-/)
  })

  it('names the bot that is opened again', async () => {
    const { s, id, owner } = await withBot()
    await owner.updateAllowlist({ botId: id, setting: 'SELECTED_USERS' })
    await owner.update({ id, name: 'New name' })
    await owner.updateAllowlist({ botId: id, setting: 'ALL_WORKSPACE_USERS' })
    expect((await auditOf(s)).map(({ payload }) => payload['resourceName'])).toEqual(['Bot', 'Bot', null, 'New name'])
  })

  it('tells that a bot for selected people was opened by its transfer', async () => {
    const { s, id, owner } = await withBot()
    await owner.updateAllowlist({ botId: id, setting: 'SELECTED_USERS' })
    await owner.transfer({ id, targetWorkspaceId: s.otherId })
    for (const lane of [s.workspaceId, s.otherId])
      expect((await auditOf(s, lane)).at(-1)?.payload).toMatchObject({
        before: { workspaceId: s.workspaceId, setting: 'SELECTED_USERS' },
        after: { workspaceId: s.otherId, setting: 'ALL_WORKSPACE_USERS' },
      })
  })
})
