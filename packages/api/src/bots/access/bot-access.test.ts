import { botKeyRow } from '@steward/testkit'
import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { day, hour, minute } from '../../core/clock.ts'
import { storesOf } from '../../core/app-context.ts'
import { isWellFormedToken, sha256 } from '../../core/secrets.ts'
import { seedPerson } from '../../core/app.testing.ts'
import { signingPurpose } from '../bot/bot.secrets.ts'
import type { Fixture } from '../bot/fixture.testing.ts'
import { auditOf, changeOf, join, makeFixture, tables } from '../bot/fixture.testing.ts'

const refused = (type: string) => expect.objectContaining({ type })

async function fixtureWithBot(stores: Parameters<typeof makeFixture>[0]) {
  const s = await makeFixture(stores)
  const owner = s.as(s.owner.actor)
  const { bot } = await owner.create({ workspaceId: s.workspaceId, name: 'Bot' })
  return { s, owner, botId: bot.id, signingSecret: bot.signingSecret }
}

const lastAudit = async (s: Fixture) => (await auditOf(s)).at(-1)

eachDialect('keys of bots', (open) => {
  test('shows the value once and keeps its hash', async () => {
    const { s, owner, botId } = await fixtureWithBot(await open())
    expect(await owner.listKeys({ botId })).toEqual({ baks: [] })
    const key = await owner.createKey({ botId })
    expect(key).toEqual({
      id: expect.stringMatching(/^bak_/),
      createdAt: '2026-03-01T12:00:00.000Z',
      note: '',
      value: expect.stringMatching(/^bp_bak_/),
    })
    expect(isWellFormedToken(key.value)).toBe(true)
    await expect(owner.createKey({ botId, note: 'n'.repeat(1001) })).rejects.toThrow('1000')
    s.clock.advance(minute)
    const second = await owner.createKey({ botId, note: 'runtime' })
    const { value: _, ...summary } = key
    expect((await owner.listKeys({ botId })).baks).toEqual([
      { id: second.id, createdAt: '2026-03-01T12:01:00.000Z', note: 'runtime' },
      summary,
    ])
    const row = await tables(s).selectFrom('bot_key').selectAll().where('id', '=', key.id).executeTakeFirst()
    expect(row).toMatchObject({ bot_id: botId, hash: sha256(key.value), created_by: s.owner.userId })
    const stored = JSON.stringify(await auditOf(s))
    expect(stored).toContain(second.id)
    for (const { value } of [key, second]) expect(stored).not.toContain(value)
    expect(await changeOf(s, s.workspaceId, key.id)).toEqual({ type: 'botKey', deleted: 0 })
  })

  test('a deleted key is gone, and only one of the bot can be', async () => {
    const { s, owner, botId } = await fixtureWithBot(await open())
    const { id } = await owner.createKey({ botId, note: 'old' })
    const stranger = s.as((await seedPerson(s.app, 'stranger@example.com')).actor)
    await expect(stranger.deleteKey({ id })).rejects.toEqual(refused('ResourceNotFound'))
    const viewer = s.as((await join(s, 'viewer')).actor)
    await expect(viewer.deleteKey({ id })).rejects.toEqual(refused('Forbidden'))
    const developer = s.as((await join(s, 'developer')).actor)
    expect(await developer.deleteKey({ id })).toEqual({})
    await expect(owner.deleteKey({ id })).rejects.toEqual(refused('ResourceNotFound'))
    expect(await owner.listKeys({ botId })).toEqual({ baks: [] })
    expect(await lastAudit(s)).toMatchObject({
      action: 'UPDATE_BOT',
      operation: 'bot.deleteKey',
      resource_id: id,
      payload: { before: { botId, note: 'old' } },
    })
    expect(await changeOf(s, s.workspaceId, id)).toEqual({ type: 'botKey', deleted: 1 })
  })

  test('twice at once with one key is one bot key, with the same value', async () => {
    const { s, botId } = await fixtureWithBot(await open())
    const keyed = s.as(s.owner.actor, { idempotencyKey: 'k' })
    const [a, b] = await Promise.all([keyed.createKey({ botId }), keyed.createKey({ botId })])
    expect(a).toEqual(b)
    expect((await s.as(s.owner.actor).listKeys({ botId })).baks).toHaveLength(1)
  })

  test('refuses viewers, strangers and more keys than the limit', async () => {
    const { s, owner, botId } = await fixtureWithBot(await open())
    const viewer = s.as((await join(s, 'viewer')).actor)
    await expect(viewer.listKeys({ botId })).rejects.toEqual(refused('Forbidden'))
    await expect(viewer.createKey({ botId })).rejects.toEqual(refused('Forbidden'))
    const stranger = s.as((await seedPerson(s.app, 'stranger@example.com')).actor)
    await expect(stranger.listKeys({ botId })).rejects.toEqual(refused('ResourceNotFound'))
    await expect(stranger.createKey({ botId })).rejects.toEqual(refused('ResourceNotFound'))
    const rows = Array.from({ length: 500 }, (_, n) => botKeyRow({ id: `bak_${n}`, bot_id: botId, hash: `${n}` }))
    await storesOf(s.app).main.write((tx) => tx.insertInto('bot_key').values(rows).execute())
    await expect(owner.createKey({ botId })).rejects.toEqual(refused('LimitExceeded'))
  })
})

eachDialect('the allowlist of a bot', (open) => {
  test('who is not on it does not see the bot', async () => {
    const { s, owner, botId } = await fixtureWithBot(await open())
    const listed = await join(s, 'developer')
    const other = await join(s, 'developer')
    expect(await owner.getAllowlist({ botId })).toEqual({ setting: 'ALL_WORKSPACE_USERS', users: [] })
    const change = { botId, setting: 'SELECTED_USERS' as const, users: { [listed.userId]: true } }
    expect(await owner.updateAllowlist(change)).toEqual({})
    expect(await owner.getAllowlist({ botId })).toEqual({ setting: 'SELECTED_USERS', users: [{ id: listed.userId }] })
    expect((await s.as(listed.actor).get({ id: botId })).bot.id).toBe(botId)
    await expect(s.as(other.actor).get({ id: botId })).rejects.toEqual(refused('ResourceNotFound'))
    expect(await lastAudit(s)).toMatchObject({
      action: 'UPDATE_BOT',
      operation: 'bot.updateAllowlist',
      payload: {
        before: { setting: 'ALL_WORKSPACE_USERS' },
        after: { setting: 'SELECTED_USERS', added: [listed.userId], removed: [] },
      },
    })
    await owner.updateAllowlist({ botId, users: { [listed.userId]: false, [other.userId]: true } })
    expect(await owner.getAllowlist({ botId })).toEqual({ setting: 'SELECTED_USERS', users: [{ id: other.userId }] })
    await owner.updateAllowlist({ botId, setting: 'ALL_WORKSPACE_USERS' })
    expect((await s.as(listed.actor).get({ id: botId })).bot.id).toBe(botId)
  })

  test('only members can be added, anybody can be taken off', async () => {
    const { s, owner, botId } = await fixtureWithBot(await open())
    const member = await join(s, 'viewer')
    const stranger = await seedPerson(s.app, 'stranger@example.com')
    for (const userId of [stranger.userId, 'nobody'])
      await expect(
        owner.updateAllowlist({ botId, setting: 'SELECTED_USERS', users: { [member.userId]: true, [userId]: true } }),
      ).rejects.toEqual(refused('ReferenceNotFound'))
    expect(await owner.getAllowlist({ botId })).toEqual({ setting: 'ALL_WORKSPACE_USERS', users: [] })
    await owner.updateAllowlist({ botId, users: { [stranger.userId]: false, [member.userId]: true } })
    expect((await owner.getAllowlist({ botId })).users).toEqual([{ id: member.userId }])
    await storesOf(s.app).main.write((tx) =>
      tx.deleteFrom('member').where('user_id', '=', member.userId).where('workspace_id', '=', s.workspaceId).execute(),
    )
    expect((await owner.getAllowlist({ botId })).users).toEqual([])
  })

  test('takes an administrator', async () => {
    const { s, botId } = await fixtureWithBot(await open())
    const manager = s.as((await join(s, 'manager')).actor)
    await expect(manager.getAllowlist({ botId })).rejects.toEqual(refused('Forbidden'))
    await expect(manager.updateAllowlist({ botId })).rejects.toEqual(refused('Forbidden'))
    await expect(manager.rotateSigningSecret({ id: botId })).rejects.toEqual(refused('Forbidden'))
    const stranger = s.as((await seedPerson(s.app, 'stranger@example.com')).actor)
    await expect(stranger.getAllowlist({ botId })).rejects.toEqual(refused('ResourceNotFound'))
    await expect(stranger.rotateSigningSecret({ id: botId })).rejects.toEqual(refused('ResourceNotFound'))
    const administrator = s.as((await join(s, 'administrator')).actor)
    const users = Object.fromEntries(Array.from({ length: 1001 }, (_, n) => [`u${n}`, false]))
    await expect(administrator.updateAllowlist({ botId, users })).rejects.toEqual(refused('LimitExceeded'))
    expect(await administrator.updateAllowlist({ botId })).toEqual({})
  })
})

eachDialect('signing secrets of a bot', (open) => {
  const held = async (s: Fixture, botId: string) =>
    (
      await tables(s)
        .selectFrom('bot_signing_secret')
        .select(['sealed', 'expires_at'])
        .where('bot_id', '=', botId)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
    ).map((row) => ({ secret: s.app.keys.unseal(row.sealed, signingPurpose(botId)), expires: row.expires_at }))

  test('the old one stays good for 24 hours', async () => {
    const { s, owner, botId, signingSecret } = await fixtureWithBot(await open())
    s.clock.advance(hour)
    const { newSigningSecret } = await owner.rotateSigningSecret({ id: botId })
    expect(newSigningSecret).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await held(s, botId)).toEqual([
      { secret: signingSecret, expires: '2026-03-02T13:00:00.000Z' },
      { secret: newSigningSecret, expires: null },
    ])
    const trail = JSON.stringify(await auditOf(s))
    expect(trail).not.toContain(newSigningSecret)
    expect(await lastAudit(s)).toMatchObject({ action: 'UPDATE_BOT', operation: 'bot.rotateSigningSecret' })
    s.clock.advance(day)
    const third = (await owner.rotateSigningSecret({ id: botId })).newSigningSecret
    expect((await held(s, botId)).map((one) => one.secret)).toEqual([newSigningSecret, third])
  })

  test('never more than five at once', async () => {
    const { s, owner, botId } = await fixtureWithBot(await open())
    const secrets: string[] = []
    for (let n = 0; n < 8; n++) {
      s.clock.advance(minute)
      secrets.push((await owner.rotateSigningSecret({ id: botId })).newSigningSecret)
    }
    expect((await held(s, botId)).map((one) => one.secret)).toEqual(secrets.slice(-5))
    expect((await held(s, botId)).filter((one) => one.expires === null)).toHaveLength(1)
  })
})
