import fc from 'fast-check'
import { expect, it } from 'vitest'
import { eachDialect } from '@steward/db/testing'
import type { Stores } from '@steward/db'
import { storesOf } from '../../core/app-context.ts'
import { callerFor, seedPerson, seedWorkspace, testApp } from '../../core/app.testing.ts'
import { day, hour } from '../../core/clock.ts'
import { appRouter } from '../../root.ts'
import type { Catalogue } from './catalogue.schema.ts'
import { readCounter } from './counter.queries.ts'
import { recountGauges, repairGauges } from './recount.ts'

const plans = (limits: Catalogue['plans'][number]['limits'], name = 'small'): Catalogue => ({
  types: [],
  plans: [{ name, title: name, contractPlan: 'plus', limits }],
  defaultPlan: null,
})

async function fixture(stores: Stores) {
  const { app, clock } = testApp(stores)
  const call = callerFor(appRouter, app)
  const owner = await seedPerson(app, 'owner@example.com')
  const operator = await seedPerson(app, 'operator@example.com')
  await stores.main.write((tx) =>
    tx.updateTable('user').set({ operator: 1 }).where('id', '=', operator.userId).execute(),
  )
  const workspaceId = await seedWorkspace(app, owner)
  const otherId = await seedWorkspace(app, owner, 'Other')
  const as = call(owner.actor)
  const operating = call(operator.actor)
  const db = storesOf(app).main.reader
  const used = async (scope: 'account' | 'workspace' | 'bot', scopeId: string, type: string): Promise<number> =>
    Number((await readCounter(db, { scope, scopeId, type, period: '' })).used)
  const limitTo = async (limits: Catalogue['plans'][number]['limits']): Promise<void> => {
    await operating.quota.applyCatalogue({ catalogue: plans(limits) })
    await operating.quota.assignPlan({ accountId: owner.accountId, plan: 'small', reason: 'test' })
  }
  return { app, clock, call, owner, operator, workspaceId, otherId, as, operating, db, used, limitTo }
}

const quotaExceeded = (more: object = {}) => ({ type: 'QuotaExceeded', metadata: expect.objectContaining(more) })

eachDialect('quotas', (open) => {
  it('limit nothing without a catalogue', async () => {
    const s = await fixture(await open())
    for (let i = 0; i < 12; i += 1) await s.as.bot.create({ workspaceId: s.workspaceId })
    const { quotas, plan } = await s.as.quota.list({ id: s.workspaceId })
    expect(plan).toBeNull()
    expect(quotas.find(({ type }) => type === 'bot_count')).toMatchObject({
      used: '12',
      limit: null,
      completion: 0,
      rule: { kind: 'none' },
    })
    expect(quotas.every(({ limit }) => limit === null)).toBe(true)
    const unlimited = await s.as.quota.listOfContract({ id: s.workspaceId })
    expect(unlimited.quotas).toHaveLength(15)
    expect(new Set(unlimited.quotas.map(({ value }) => value))).toEqual(new Set([Number.MAX_SAFE_INTEGER]))
  })

  it('refuse what a workspace has no room for, and say what, where and who can raise it', async () => {
    const s = await fixture(await open())
    await s.limitTo({ workspace: { bot_count: '1' } })
    const { bot } = await s.as.bot.create({ workspaceId: s.workspaceId })
    await expect(s.as.bot.create({ workspaceId: s.workspaceId })).rejects.toMatchObject(
      quotaExceeded({
        type: 'bot_count',
        scope: 'workspace',
        scopeId: s.workspaceId,
        limit: '1',
        used: '1',
        requested: '1',
        resetsAt: null,
        raisedBy: 'operator',
      }),
    )
    expect(await s.used('workspace', s.workspaceId, 'bot_count')).toBe(1)
    expect((await s.as.bot.list({ workspaceId: s.workspaceId })).bots).toHaveLength(1)
    await s.as.bot.create({ workspaceId: s.workspaceId, dev: true })
    await s.as.bot.create({ workspaceId: s.otherId })
    await s.as.bot.delete({ id: bot.id })
    await s.as.bot.create({ workspaceId: s.workspaceId })
  })

  it('add up the workspaces of an account', async () => {
    const s = await fixture(await open())
    await s.limitTo({ account: { bot_count: '2' }, workspace: { bot_count: '2' } })
    await s.as.bot.create({ workspaceId: s.workspaceId })
    await s.as.bot.create({ workspaceId: s.otherId })
    await expect(s.as.bot.create({ workspaceId: s.otherId })).rejects.toMatchObject(
      quotaExceeded({ scope: 'account', scopeId: s.owner.accountId }),
    )
    expect(await s.used('account', s.owner.accountId, 'bot_count')).toBe(2)
    expect(await s.used('workspace', s.otherId, 'bot_count')).toBe(1)
  })

  it('admit exactly as many as there is room for, however many ask at once', async () => {
    const s = await fixture(await open())
    await s.limitTo({ account: { bot_count: '7' }, workspace: { bot_count: '5' } })
    const ids = [s.workspaceId, s.otherId]
    const asked = Array.from({ length: 30 }, (_, i) => s.as.bot.create({ workspaceId: ids[i % 2] ?? '' }))
    const results = await Promise.allSettled(asked)
    const refused = results.filter((one) => one.status === 'rejected').map((one) => one.reason as unknown)
    expect(refused).toHaveLength(23)
    for (const reason of refused) expect(reason).toMatchObject({ type: 'QuotaExceeded' })
    expect(await s.used('account', s.owner.accountId, 'bot_count')).toBe(7)
    const there = await Promise.all(ids.map(async (id) => (await s.as.bot.list({ workspaceId: id })).bots.length))
    expect(there.reduce((sum, count) => sum + count)).toBe(7)
  })

  it('count members and open invitations', async () => {
    const s = await fixture(await open())
    await s.limitTo({ workspace: { workspace_member_count: '2' } })
    const { workspaceId } = s
    const { member } = await s.as.member.invite({ workspaceId, email: 'a@example.com', role: 'viewer' })
    const more = s.as.member.create({ workspaceId, email: 'b@example.com', role: 'viewer' })
    await expect(more).rejects.toMatchObject(quotaExceeded({ type: 'workspace_member_count', used: '2' }))
    expect((await s.as.member.list({ workspaceId })).members).toHaveLength(2)
    await s.as.member.delete({ workspaceId, id: member.id })
    await s.as.member.create({ workspaceId, email: 'b@example.com', role: 'viewer' })
  })

  it('count keys by bot, and always-alive bots', async () => {
    const s = await fixture(await open())
    await s.limitTo({ workspace: { always_alive: '1' }, bot: { api_key_count: '1' } })
    const { bot } = await s.as.bot.create({ workspaceId: s.workspaceId })
    const { bot: second } = await s.as.bot.create({ workspaceId: s.workspaceId })
    const key = await s.as.bot.createKey({ botId: bot.id, note: 'one' })
    await expect(s.as.bot.createKey({ botId: bot.id, note: 'two' })).rejects.toMatchObject(
      quotaExceeded({ type: 'api_key_count', scope: 'bot', scopeId: bot.id }),
    )
    await s.as.bot.createKey({ botId: second.id, note: 'one' })
    await s.as.bot.deleteKey({ id: key.id })
    await s.as.bot.createKey({ botId: bot.id, note: 'two' })
    expect(await s.used('workspace', s.workspaceId, 'api_key_count')).toBe(2)
    await s.as.bot.update({ id: bot.id, alwaysAlive: true })
    await s.as.bot.update({ id: bot.id, alwaysAlive: true, name: 'Again' })
    await expect(s.as.bot.update({ id: second.id, alwaysAlive: true })).rejects.toMatchObject(
      quotaExceeded({ type: 'always_alive' }),
    )
    await s.as.bot.delete({ id: bot.id })
    expect(await s.used('workspace', s.workspaceId, 'always_alive')).toBe(0)
    expect(await s.used('workspace', s.workspaceId, 'api_key_count')).toBe(1)
    expect(await s.used('account', s.owner.accountId, 'api_key_count')).toBe(1)
    expect(await s.used('bot', bot.id, 'api_key_count')).toBe(0)
    await s.as.bot.update({ id: second.id, alwaysAlive: true })
  })

  it('go with a bot into another workspace, if there is room', async () => {
    const s = await fixture(await open())
    const { bot } = await s.as.bot.create({ workspaceId: s.workspaceId })
    await s.as.bot.update({ id: bot.id, alwaysAlive: true })
    await s.as.bot.createKey({ botId: bot.id, note: 'one' })
    const limit = { scope: 'workspace', scopeId: s.otherId, type: 'api_key_count', reason: 'test' } as const
    const { override } = await s.operating.quota.setOverride({ ...limit, limit: '0' })
    const transfer = () => s.as.bot.transfer({ id: bot.id, targetWorkspaceId: s.otherId })
    await expect(transfer()).rejects.toMatchObject(quotaExceeded({ scopeId: s.otherId, type: 'api_key_count' }))
    expect(await s.used('workspace', s.workspaceId, 'bot_count')).toBe(1)
    await s.operating.quota.endOverride({ accountId: s.owner.accountId, id: override?.id ?? '' })
    await transfer()
    for (const type of ['bot_count', 'always_alive', 'api_key_count']) {
      expect([type, await s.used('workspace', s.workspaceId, type)]).toEqual([type, 0])
      expect([type, await s.used('workspace', s.otherId, type)]).toEqual([type, 1])
      expect([type, await s.used('account', s.owner.accountId, type)]).toEqual([type, 1])
    }
    await s.as.workspace.delete({ id: s.otherId })
    expect(await s.used('account', s.owner.accountId, 'api_key_count')).toBe(0)
    expect(await s.used('workspace', s.otherId, 'api_key_count')).toBe(0)
    expect(await s.used('bot', bot.id, 'api_key_count')).toBe(0)
  })

  it('go with a workspace into another account, if there is room', async () => {
    const s = await fixture(await open())
    const taker = await seedPerson(s.app, 'taker@example.com')
    const taking = s.call(taker.actor)
    await s.as.bot.create({ workspaceId: s.otherId })
    const offer = await s.as.account.offerWorkspace({
      accountId: s.owner.accountId,
      workspaceId: s.otherId,
      toAccountId: taker.accountId,
    })
    await s.operating.quota.applyCatalogue({ catalogue: plans({ account: { bot_count: '0' } }) })
    await s.operating.quota.assignPlan({ accountId: taker.accountId, plan: 'small', reason: 'test' })
    const accept = () => taking.account.acceptWorkspace({ accountId: taker.accountId, transferId: offer.id })
    await expect(accept()).rejects.toMatchObject(quotaExceeded({ scope: 'account', scopeId: taker.accountId }))
    await s.operating.quota.assignPlan({ accountId: taker.accountId, plan: null, reason: 'test' })
    await accept()
    expect(await s.used('account', s.owner.accountId, 'bot_count')).toBe(0)
    expect(await s.used('account', taker.accountId, 'bot_count')).toBe(1)
    expect(await s.used('account', taker.accountId, 'workspace_member_count')).toBe(1)
  })

  it('let what is above a lowered limit shrink, and grow again only below it', async () => {
    const s = await fixture(await open())
    const bots = []
    for (let i = 0; i < 3; i += 1) bots.push((await s.as.bot.create({ workspaceId: s.workspaceId })).bot)
    const input = {
      scope: 'workspace',
      scopeId: s.workspaceId,
      type: 'bot_count',
      limit: '2',
      reason: 'test',
    } as const
    expect(await s.operating.quota.setOverride({ ...input, dryRun: true })).toMatchObject({
      applied: false,
      overCount: 1,
      over: [{ type: 'bot_count', used: '3', limit: '2' }],
    })
    await s.operating.quota.setOverride(input)
    expect(
      (await s.as.quota.list({ id: s.workspaceId })).quotas.find(({ type }) => type === 'bot_count'),
    ).toMatchObject({ used: '3', limit: '2', completion: 1.5, rule: { kind: 'override', text: 'test' } })
    expect(await s.as.quota.listCompletions({})).toMatchObject({
      [s.workspaceId]: { type: 'bot_count', completion: 1 },
    })
    await s.as.bot.delete({ id: bots[0]?.id ?? '' })
    await expect(s.as.bot.create({ workspaceId: s.workspaceId })).rejects.toMatchObject(quotaExceeded({ used: '2' }))
    await s.as.bot.delete({ id: bots[1]?.id ?? '' })
    await s.as.bot.create({ workspaceId: s.workspaceId })
  })

  it('hold for the time of an override, the newest of several', async () => {
    const s = await fixture(await open())
    const now = s.clock.now()
    const iso = (time: number): string => new Date(time).toISOString()
    const base = { scope: 'workspace', scopeId: s.workspaceId, type: 'bot_count', reason: 'test' } as const
    await s.operating.quota.setOverride({ ...base, limit: '0' })
    await s.operating.quota.setOverride({ ...base, limit: '1', effectiveAt: iso(now + hour), endsAt: iso(now + day) })
    const create = () => s.as.bot.create({ workspaceId: s.workspaceId })
    await expect(create()).rejects.toMatchObject(quotaExceeded({ limit: '0' }))
    s.clock.advance(hour - 1)
    await expect(create()).rejects.toMatchObject(quotaExceeded({ limit: '0' }))
    s.clock.advance(1)
    const { bot } = await create()
    await s.as.bot.delete({ id: bot.id })
    s.clock.advance(23 * hour - 1)
    await s.as.bot.delete({ id: (await create()).bot.id })
    s.clock.advance(1)
    await expect(create()).rejects.toMatchObject(quotaExceeded({ limit: '0' }))
    await expect(
      s.operating.quota.setOverride({ ...base, limit: '1', endsAt: iso(s.clock.now()) }),
    ).rejects.toMatchObject({ type: 'InvalidPayload' })
  })

  it('are set by the operator only', async () => {
    const s = await fixture(await open())
    const refused = { type: 'Forbidden' }
    const { accountId } = s.owner
    const base = { scope: 'workspace', scopeId: s.workspaceId, type: 'bot_count', limit: '1', reason: 'x' } as const
    await expect(s.as.quota.getCatalogue({})).rejects.toMatchObject(refused)
    await expect(s.as.quota.applyCatalogue({ catalogue: plans({}) })).rejects.toMatchObject(refused)
    await expect(s.as.quota.assignPlan({ accountId, plan: null, reason: 'x' })).rejects.toMatchObject(refused)
    await expect(s.as.quota.setOverride(base)).rejects.toMatchObject(refused)
    await expect(s.as.quota.endOverride({ accountId, id: 'quota_1' })).rejects.toMatchObject(refused)
    await expect(s.as.quota.listRules({ accountId })).rejects.toMatchObject(refused)
    await expect(s.operating.quota.setOverride({ ...base, scopeId: 'wkspace_none' })).rejects.toMatchObject({
      type: 'ReferenceNotFound',
    })
    await expect(s.operating.quota.setOverride({ ...base, scope: 'bot', scopeId: 'bot_1' })).rejects.toMatchObject({
      type: 'InvalidPayload',
    })
    await expect(s.operating.quota.setOverride({ ...base, type: 'nothing' })).rejects.toMatchObject({
      type: 'ReferenceNotFound',
    })
  })

  it('come in versions: an account stays on the one it has', async () => {
    const s = await fixture(await open())
    await s.limitTo({ workspace: { bot_count: '1' } })
    const next = plans({ workspace: { bot_count: '2' } })
    const { hash } = await s.operating.quota.getCatalogue({})
    const shown = await s.operating.quota.applyCatalogue({ catalogue: next, dryRun: true })
    expect(shown).toMatchObject({ applied: false, changes: [{ kind: 'plan', change: 'changed', name: 'small' }] })
    await s.operating.quota.applyCatalogue({ catalogue: next, basedOn: hash })
    await expect(s.operating.quota.applyCatalogue({ catalogue: plans({}), basedOn: hash })).rejects.toMatchObject({
      type: 'RelationConflict',
    })
    expect(await s.operating.quota.applyCatalogue({ catalogue: next })).toMatchObject({ applied: false, changes: [] })
    await s.as.bot.create({ workspaceId: s.workspaceId })
    await expect(s.as.bot.create({ workspaceId: s.workspaceId })).rejects.toMatchObject(quotaExceeded({ limit: '1' }))
    const { accountId } = s.owner
    await s.operating.quota.assignPlan({ accountId, plan: 'small', version: 2, reason: 'newer' })
    await s.as.bot.create({ workspaceId: s.workspaceId })
    expect((await s.as.workspace.get({ id: s.workspaceId })).plan).toBe('plus')
    const { plan, assignments } = await s.operating.quota.listRules({ accountId })
    expect(plan).toMatchObject({ name: 'small', version: 2 })
    expect(assignments.map((one) => one.plan)).toEqual(['small, version 1', 'small, version 2'])
    await s.operating.quota.applyCatalogue({ catalogue: { types: [], plans: [], defaultPlan: null } })
    await expect(s.operating.quota.assignPlan({ accountId, plan: 'small', reason: 'x' })).rejects.toMatchObject({
      type: 'ReferenceNotFound',
    })
    await expect(s.as.bot.create({ workspaceId: s.workspaceId })).rejects.toMatchObject(quotaExceeded({ limit: '2' }))
  })

  it('of the default plan hold for accounts without one of their own, and are shown for new workspaces', async () => {
    const s = await fixture(await open())
    await s.as.bot.create({ workspaceId: s.workspaceId })
    await s.as.bot.create({ workspaceId: s.workspaceId })
    const catalogue = { ...plans({ workspace: { bot_count: '1' } }), defaultPlan: 'small' }
    expect(await s.operating.quota.applyCatalogue({ catalogue, dryRun: true })).toMatchObject({ overCount: 1 })
    await s.operating.quota.applyCatalogue({ catalogue })
    await expect(s.as.bot.create({ workspaceId: s.workspaceId })).rejects.toMatchObject(quotaExceeded())
    expect((await s.as.workspace.get({ id: s.workspaceId })).plan).toBe('plus')
    expect((await s.as.workspace.create({ name: 'New' })).plan).toBe('plus')
    await s.operating.quota.applyCatalogue({ catalogue: { ...catalogue, defaultPlan: null } })
    await s.as.bot.create({ workspaceId: s.workspaceId })
    expect((await s.as.workspace.get({ id: s.workspaceId })).plan).toBe('community')
  })

  it('of AI spend are set by the customer, as far as the plan lets them', async () => {
    const s = await fixture(await open())
    await s.limitTo({ workspace: { ai_spend: { limit: '5000000000', upTo: '10000000000' } } })
    const limit = async () => {
      const { quotas } = await s.as.quota.list({ id: s.workspaceId })
      return quotas.find(({ type }) => type === 'ai_spend')?.limit
    }
    expect(await limit()).toBe('5000000000')
    const set = (monthlySpendingLimit: number) =>
      s.as.quota.setAiSpend({ workspaceId: s.workspaceId, monthlySpendingLimit })
    await set(8.03)
    expect(await limit()).toBe('8030000000')
    await set(10)
    expect(await limit()).toBe('10000000000')
    await expect(set(10.000000001)).rejects.toMatchObject({ type: 'LimitExceeded' })
    for (const dollars of [-1, 1_000_000_000, 1e30])
      await expect(set(dollars)).rejects.toMatchObject({ type: 'InvalidPayload' })
    await expect(set(0.0000000001)).rejects.toMatchObject({ type: 'InvalidPayload' })
    await set(0)
    expect(await limit()).toBe('0')
    const { records } = await s.as.audit.list({ id: s.workspaceId })
    expect(records[0]).toMatchObject({ action: 'SET_AI_SPENDING_LIMIT', value: '$0.00' })
  })

  it('have types of the operator: what they mean stays, and one that limits something stays as well', async () => {
    const s = await fixture(await open())
    const pages = { name: 'pdf_pages', title: 'PDF pages', kind: 'counter', unit: 'pages', hard: false } as const
    const apply = (types: Catalogue['types']) => s.operating.quota.applyCatalogue({ catalogue: { types, plans: [] } })
    expect(await apply([pages])).toMatchObject({ changes: [{ kind: 'type', change: 'added', name: 'pdf_pages' }] })
    expect((await s.as.quota.list({ id: s.workspaceId })).quotas.at(-1)).toMatchObject({ type: 'pdf_pages', used: '0' })
    await expect(apply([{ ...pages, unit: 'sheets' }])).rejects.toMatchObject({ type: 'InvalidPayload' })
    await expect(apply([{ ...pages, kind: 'gauge' }])).rejects.toMatchObject({ type: 'InvalidPayload' })
    expect(await apply([{ ...pages, title: 'Pages' }])).toMatchObject({ changes: [{ change: 'changed' }] })
    const limit = { scope: 'bot', type: 'pdf_pages', limit: '9', reason: 'x' } as const
    const { bot } = await s.as.bot.create({ workspaceId: s.workspaceId })
    await s.operating.quota.setOverride({ ...limit, scopeId: bot.id })
    await expect(apply([])).rejects.toMatchObject({ type: 'ReferenceConstraint' })
    await s.as.bot.delete({ id: bot.id })
    expect(await apply([])).toMatchObject({ changes: [{ change: 'removed', name: 'pdf_pages' }] })
    for (const types of [[pages, pages], [{ ...pages, name: 'bot_count' }]])
      await expect(apply(types)).rejects.toThrow('is there already')
  })

  it('are at most a thousand of an account beside its plan', async () => {
    const s = await fixture(await open())
    const { accountId } = s.owner
    const base = { scope: 'account', scopeId: accountId, type: 'bot_count', limit: '1', reason: 'x' } as const
    const { override } = await s.operating.quota.setOverride(base)
    await storesOf(s.app).main.write(async (tx) => {
      const row = await tx.selectFrom('quota_override').selectAll().executeTakeFirstOrThrow()
      const rows = Array.from({ length: 999 }, (_, i) => ({ ...row, id: `quota_${i}`, value: 1n }))
      for (let i = 0; i < 999; i += 333)
        await tx
          .insertInto('quota_override')
          .values(rows.slice(i, i + 333))
          .execute()
    })
    await expect(s.operating.quota.setOverride(base)).rejects.toMatchObject({ type: 'LimitExceeded' })
    await s.operating.quota.endOverride({ accountId, id: override?.id ?? '' })
    await s.operating.quota.setOverride(base)
  })

  it('let nothing be added to a workspace that is blocked', async () => {
    const s = await fixture(await open())
    const { workspaceId } = s
    const { bot } = await s.as.bot.create({ workspaceId })
    await expect(s.as.quota.block({ workspaceId, reason: 'x' })).rejects.toMatchObject({ type: 'Forbidden' })
    await s.operating.quota.block({ workspaceId, reason: 'Unpaid' })
    await expect(s.operating.quota.block({ workspaceId, reason: 'x' })).rejects.toMatchObject({ type: 'AlreadyExists' })
    expect((await s.as.workspace.get({ id: workspaceId })).blocked).toBe(true)
    await expect(s.as.bot.create({ workspaceId })).rejects.toMatchObject({ type: 'PaymentRequired' })
    await s.as.bot.update({ id: bot.id, name: 'Renamed' })
    await s.as.bot.delete({ id: bot.id })
    await s.operating.quota.unblock({ workspaceId })
    await expect(s.operating.quota.unblock({ workspaceId })).rejects.toMatchObject({ type: 'ResourceNotFound' })
    expect((await s.as.workspace.get({ id: workspaceId })).blocked).toBe(false)
    await s.as.bot.create({ workspaceId })
  })

  it('raise one alert for each limit and month, of the highest threshold', async () => {
    const s = await fixture(await open())
    await s.limitTo({ workspace: { bot_count: '5' } })
    const alerts = () =>
      s.db.selectFrom('quota_alert').select(['scope', 'threshold', 'period', 'part_of']).orderBy('id').execute()
    const bots: string[] = []
    const create = async () => bots.push((await s.as.bot.create({ workspaceId: s.workspaceId })).bot.id)
    const drop = async () => s.as.bot.delete({ id: bots.pop() ?? '' })
    await create()
    await create()
    expect(await alerts()).toEqual([])
    await create()
    for (let i = 0; i < 3; i += 1) {
      await create()
      await drop()
    }
    const march = { scope: 'workspace', period: '2026-03', part_of: null }
    expect(await alerts()).toEqual([
      { ...march, threshold: 50 },
      { ...march, threshold: 80 },
    ])
    await create()
    s.clock.advance(31 * day)
    expect(await alerts()).toHaveLength(2)
    await drop()
    await create()
    expect((await alerts()).at(-1)).toMatchObject({ threshold: 80, period: '2026-04' })
    for (let i = 0; i < 4; i += 1) await drop()
    s.clock.advance(30 * day)
    const limit = { scope: 'workspace', scopeId: s.otherId, type: 'bot_count', limit: '1', reason: 'x' } as const
    await s.operating.quota.setOverride(limit)
    await s.as.bot.create({ workspaceId: s.otherId })
    expect((await s.as.quota.listAlerts({ id: s.otherId })).alerts).toMatchObject([
      { type: 'bot_count', threshold: 100, passed: [50, 80], used: '1', limit: '1', period: '2026-05' },
    ])
    expect((await s.as.quota.listAlerts({ id: s.workspaceId, pageSize: 1 })).meta.nextToken).toBeDefined()
  })

  it('are found and set right where they say something else than the tables', async () => {
    const s = await fixture(await open())
    const { bot } = await s.as.bot.create({ workspaceId: s.workspaceId })
    await s.as.bot.createKey({ botId: bot.id, note: 'one' })
    const { main } = storesOf(s.app)
    await main.write(async (tx) => {
      await tx.updateTable('quota_counter').set({ used: 5n }).where('scope_id', '=', bot.id).execute()
      await tx.deleteFrom('quota_counter').where('scope', '=', 'account').where('type', '=', 'bot_count').execute()
    })
    const wrong = async () => {
      const found = []
      for await (const part of recountGauges(s.app)) found.push(...part.wrong)
      return found.toSorted((a, b) => (a.type < b.type ? -1 : 1))
    }
    expect(await wrong()).toEqual([
      { scope: 'bot', scopeId: bot.id, type: 'api_key_count', kept: 5, counted: 1 },
      { scope: 'account', scopeId: s.owner.accountId, type: 'bot_count', kept: 0, counted: 1 },
    ])
    await main.write((tx) => repairGauges(s.app, tx, s.owner.accountId))
    expect(await wrong()).toEqual([])
  })

  it('equal the rows they count, whatever happens', async () => {
    const stores = await open()
    const s = await fixture(stores)
    await s.limitTo({ account: { bot_count: '4' }, workspace: { bot_count: '3', always_alive: '2' } })
    const ids = [s.workspaceId, s.otherId]
    const step = fc.record({ kind: fc.constantFrom('create', 'delete', 'move', 'alive', 'key'), pick: fc.nat(20) })
    const recount = async () => {
      for await (const { wrong } of recountGauges(s.app)) expect(wrong).toEqual([])
      for (const id of ids) {
        const rows = await s.db.selectFrom('bot').select(['always_alive']).where('workspace_id', '=', id).execute()
        const keys = await s.db
          .selectFrom('bot_key')
          .innerJoin('bot', 'bot.id', 'bot_key.bot_id')
          .select('bot_key.id')
          .where('bot.workspace_id', '=', id)
          .execute()
        expect(await s.used('workspace', id, 'bot_count')).toBe(rows.length)
        expect(await s.used('workspace', id, 'always_alive')).toBe(rows.filter((row) => row.always_alive === 1).length)
        expect(await s.used('workspace', id, 'api_key_count')).toBe(keys.length)
      }
      const all = await s.db.selectFrom('bot').select('id').execute()
      expect(await s.used('account', s.owner.accountId, 'bot_count')).toBe(all.length)
      expect(all.length).toBeLessThanOrEqual(4)
    }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        for (const { kind, pick } of steps) {
          const bots = await s.db
            .selectFrom('bot')
            .select(['id', 'workspace_id', 'always_alive'])
            .orderBy('id')
            .execute()
          const bot = bots[pick % Math.max(1, bots.length)]
          const done =
            kind === 'create' || !bot
              ? s.as.bot.create({ workspaceId: ids[pick % 2] ?? '' })
              : kind === 'delete'
                ? s.as.bot.delete({ id: bot.id })
                : kind === 'move'
                  ? s.as.bot.transfer({
                      id: bot.id,
                      targetWorkspaceId: ids.find((id) => id !== bot.workspace_id) ?? '',
                    })
                  : kind === 'alive'
                    ? s.as.bot.update({ id: bot.id, alwaysAlive: bot.always_alive === 0 })
                    : s.as.bot.createKey({ botId: bot.id, note: 'key' })
          await done.catch((error: unknown) => expect(error).toMatchObject({ type: 'QuotaExceeded' }))
        }
        await recount()
      }),
      { numRuns: 8 },
    )
  })
})
