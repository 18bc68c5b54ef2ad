import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { makeVersionScene } from '../version/version.testing.ts'
import { auditOf } from './scene.testing.ts'

const run = { input: { schema: {} }, output: { schema: {} } }
const schema = { type: 'object', properties: { port: { type: 'integer' } }, required: ['port'] }

eachDialect('the audit trail of a bot', (open) => {
  async function withBot(fields: object = {}) {
    const scene = await makeVersionScene(await open())
    const { scene: s, bot: owner, version } = scene
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

  it('names in the audit trail what was touched of a bot for selected people, without its content', async () => {
    const { s, id, owner } = await withBot({ configuration: { data: { port: 'former-value' } } })
    await owner.updateAllowlist({ botId: id, setting: 'SELECTED_USERS' })
    await owner.update({ id, description: 'hidden-text', configuration: { data: { port: 'present-value' } } })
    const last = (await auditOf(s)).at(-1)
    expect(last?.payload).toMatchObject({ before: null, after: { parts: ['description', 'configuration'] } })
    expect(JSON.stringify(last)).not.toMatch(/former-value|present-value|hidden-text/)
  })

  it('holds nothing that was written about a bot for selected people', async () => {
    const { s, id, owner, version } = await withBot()
    await owner.updateAllowlist({ botId: id, setting: 'SELECTED_USERS' })
    const saved = await version.create({ id, name: 'v1', description: 'hidden-text', note: 'hidden-text' })
    await version.deploy({ id, versionId: saved.version.id, note: 'hidden-text' })
    const key = await owner.createKey({ botId: id, note: 'hidden-text' })
    await owner.deleteKey({ id: key.id })
    const records = await auditOf(s)
    expect(records.map(({ operation }) => operation).slice(2)).toEqual([
      'version.create',
      'version.deploy',
      'bot.createKey',
      'bot.deleteKey',
    ])
    expect(JSON.stringify(records)).not.toContain('hidden-text')
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
