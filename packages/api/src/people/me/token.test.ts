import { sessionRow } from '@steward/testkit'
import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { authenticateBearer } from '../../core/access/authenticate.ts'
import { day, hour, iso } from '../../core/clock.ts'
import { storesOf } from '../../core/app-context.ts'
import { sha256 } from '../../core/secrets.ts'
import { seedPerson, seedToken, seedWorkspace } from '../../core/app.testing.ts'
import { meApp } from './me.testing.ts'
import { maxTokens } from './token.service.ts'

const inMonths = (now: number, months: number): string => iso(now + months * 30 * day)

eachDialect('personal access tokens', (open) => {
  test('are shown once, stored as a hash, live until deleted', async () => {
    const stores = await open()
    const { app, clock, me, bearer } = meApp(stores)
    const ada = await seedPerson(app, 'ada@example.com')
    const { pat } = await me(ada.actor).createToken({ note: 'deploys' })
    expect(pat).toMatchObject({ note: 'deploys', id: expect.stringMatching(/^pat_/) as string })
    expect(pat.value).toMatch(/^bp_pat_/)
    expect(pat).not.toHaveProperty('expiresAt')
    const row = await stores.main.reader.selectFrom('personal_access_token').selectAll().executeTakeFirst()
    expect(row).toMatchObject({ hash: sha256(pat.value), scopes: null, workspace_id: null, expires_at: null })
    const audit = await stores.main.reader.selectFrom('audit_payload').select('payload').execute()
    expect(JSON.stringify([row, audit])).not.toContain(pat.value)

    clock.advance(4000 * day)
    const asToken = await bearer(pat.value)
    const { pats } = await asToken.listTokens({})
    expect(pats).toMatchObject([{ id: pat.id, note: 'deploys' }])
    expect(JSON.stringify(pats)).not.toContain('value')
    expect(await asToken.deleteToken({ id: pat.id })).toEqual({})
    await expect(bearer(pat.value)).rejects.toMatchObject({ type: 'Unauthorized' })
    await expect(asToken.listTokens({})).resolves.toEqual({ pats: [] })
    await expect(asToken.createToken({ note: 'late' })).rejects.toMatchObject({ type: 'Unauthorized' })
  })

  test('the last use is shown, to the minute', async () => {
    const { app, me, bearer } = meApp(await open())
    const ada = await seedPerson(app, 'ada@example.com')
    const { pat } = await me(ada.actor).createToken({ note: 'x' })
    const asToken = await bearer(pat.value)
    await expect.poll(async () => (await asToken.listTokens({})).pats[0]?.lastUsedAt).toBe(iso(app.clock.now()))
  })

  test('foreign tokens are as good as unknown', async () => {
    const { app, me } = meApp(await open())
    const [ada, bob] = [await seedPerson(app, 'ada@example.com'), await seedPerson(app, 'bob@example.com')]
    const { pat } = await me(ada.actor).createToken({ note: 'x' })
    const missing = { type: 'ResourceNotFound' }
    await expect(me(bob.actor).deleteToken({ id: pat.id })).rejects.toMatchObject(missing)
    await expect(me(bob.actor).rotateToken({ id: pat.id })).rejects.toMatchObject(missing)
    await expect(me(bob.actor).deleteToken({ id: 'pat_unknown' })).rejects.toMatchObject(missing)
    expect((await me(ada.actor).listTokens({})).pats).toHaveLength(1)
  })

  test('expire when told to, and not before', async () => {
    const { app, clock, me, bearer } = meApp(await open())
    const ada = await seedPerson(app, 'ada@example.com')
    const expiresAt = iso(clock.now() + hour)
    const { pat } = await me(ada.actor).createToken({ note: 'x', expiresAt })
    expect(pat.expiresAt).toBe(expiresAt)
    clock.advance(hour - 1)
    const late = await bearer(pat.value)
    await late.get({})
    // What was read of it is still true when nothing but time has passed; that it was good is not.
    await bearer(pat.value)
    clock.advance(1)
    await expect(bearer(pat.value)).rejects.toMatchObject({ type: 'Unauthorized' })
    await expect(late.update({ displayName: 'Late' })).rejects.toMatchObject({ type: 'Unauthorized' })
    await expect(me(ada.actor).rotateToken({ id: pat.id })).rejects.toMatchObject({ type: 'ResourceGone' })
    const past = me(ada.actor).createToken({ note: 'x', expiresAt: iso(clock.now()) })
    await expect(past).rejects.toMatchObject({ type: 'InvalidPayload' })
  })

  test('a rotated value stays good for the grace, then only the new one is', async () => {
    const { app, clock, me, bearer } = meApp(await open())
    const ada = await seedPerson(app, 'ada@example.com')
    const { pat } = await me(ada.actor).createToken({ note: 'x' })
    const { pat: rotated } = await me(ada.actor).rotateToken({ id: pat.id })
    expect(rotated.id).toBe(pat.id)
    expect(rotated.value).not.toBe(pat.value)
    await (await bearer(pat.value)).get({})
    await (await bearer(rotated.value)).get({})
    // It is good for calls, not for taking the token over.
    const takeover = (await bearer(pat.value)).rotateToken({ id: pat.id, graceSeconds: 0 })
    await expect(takeover).rejects.toMatchObject({ type: 'Forbidden' })
    clock.advance(day)
    await expect(bearer(pat.value)).rejects.toMatchObject({ type: 'Unauthorized' })
    const { pat: third } = await me(ada.actor).rotateToken({ id: pat.id, graceSeconds: 0 })
    await expect(bearer(rotated.value)).rejects.toMatchObject({ type: 'Unauthorized' })
    await (await bearer(third.value)).get({})
    await expect(me(ada.actor).rotateToken({ id: pat.id, graceSeconds: 8 * 86_400 })).rejects.toThrow()
  })

  test('scopes narrow what a token may do', async () => {
    const { app, me, bearer } = meApp(await open())
    const ada = await seedPerson(app, 'ada@example.com')
    const { pat } = await me(ada.actor).createToken({ note: 'x', scopes: ['me:read', 'bot:read', 'me:read'] })
    expect(pat.scopes).toEqual(['bot:read', 'me:read'])
    const reader = await bearer(pat.value)
    await reader.get({})
    await expect(reader.update({ displayName: 'X' })).rejects.toMatchObject({ type: 'Forbidden' })
    const { pat: other } = await me(ada.actor).createToken({ note: 'x', scopes: ['bot:write'] })
    await expect((await bearer(other.value)).get({})).rejects.toMatchObject({ type: 'Forbidden' })
    for (const scopes of [[], ['everything'], ['me:read', 'bot:admin']])
      await expect(me(ada.actor).createToken({ note: 'x', scopes })).rejects.toMatchObject({ type: 'InvalidPayload' })
  })

  test('a narrowed token makes no wider one, by creating or by rotating', async () => {
    const { app, clock, me, bearer } = meApp(await open())
    const ada = await seedPerson(app, 'ada@example.com')
    const [here, there] = [await seedWorkspace(app, ada), await seedWorkspace(app, ada, 'There')]
    const now = clock.now()
    const made = await me(ada.actor).createToken({
      note: 'maker',
      scopes: ['me:write', 'bot:write'],
      boundWorkspaceId: here,
      expiresAt: inMonths(now, 2),
    })
    const maker = await bearer(made.pat.value)
    const { pat: child } = await maker.createToken({ note: 'child' })
    expect(child).toMatchObject({
      scopes: ['bot:write', 'me:write'],
      boundWorkspaceId: here,
      expiresAt: inMonths(now, 2),
    })
    const { pat: less } = await maker.createToken({ note: 'less', scopes: ['bot:read'], expiresAt: inMonths(now, 1) })
    expect(less).toMatchObject({ scopes: ['bot:read'], expiresAt: inMonths(now, 1) })
    for (const wider of [
      { scopes: ['bot:read', 'audit:read'] },
      { boundWorkspaceId: there },
      { expiresAt: inMonths(now, 3) },
    ])
      await expect(maker.createToken({ note: 'wider', ...wider })).rejects.toMatchObject({ type: 'Forbidden' })
    const { pat: full } = await me(ada.actor).createToken({ note: 'full' })
    await expect(maker.rotateToken({ id: full.id })).rejects.toMatchObject({ type: 'Forbidden' })
    await maker.rotateToken({ id: made.pat.id })
  })

  test('each limit of a token by itself keeps it from making, or rotating, one without that limit', async () => {
    const { app, clock, me, bearer } = meApp(await open())
    const ada = await seedPerson(app, 'ada@example.com')
    const here = await seedWorkspace(app, ada)
    const month = { expiresAt: inMonths(clock.now(), 1) }
    const { pat: full } = await me(ada.actor).createToken({ note: 'full' })
    const { pat: longer } = await me(ada.actor).createToken({ note: 'longer', expiresAt: inMonths(clock.now(), 2) })
    const { pat: shorter } = await me(ada.actor).createToken({ note: 'shorter', ...month })
    for (const limit of [month, { scopes: ['me:write'] }, { boundWorkspaceId: here }]) {
      const maker = await bearer((await me(ada.actor).createToken({ note: 'maker', ...limit })).pat.value)
      await expect(maker.rotateToken({ id: full.id })).rejects.toMatchObject({ type: 'Forbidden' })
      await expect(maker.rotateToken({ id: longer.id })).rejects.toMatchObject({ type: 'Forbidden' })
      const { pat: heir } = await maker.createToken({ note: 'heir' })
      expect(heir).toMatchObject(limit)
    }
    const brief = await bearer((await me(ada.actor).createToken({ note: 'brief', ...month })).pat.value)
    expect((await brief.rotateToken({ id: shorter.id })).pat.id).toBe(shorter.id)
    const more = { note: 'more', expiresAt: inMonths(clock.now(), 2) }
    await expect(brief.createToken(more)).rejects.toMatchObject({ type: 'Forbidden' })
  })

  test('a token is bound only to a workspace of one’s own', async () => {
    const { app, me } = meApp(await open())
    const [ada, bob] = [await seedPerson(app, 'ada@example.com'), await seedPerson(app, 'bob@example.com')]
    const foreign = await seedWorkspace(app, bob)
    for (const boundWorkspaceId of [foreign, 'wkspace_unknown'])
      await expect(me(ada.actor).createToken({ note: 'x', boundWorkspaceId })).rejects.toMatchObject({
        type: 'ResourceNotFound',
      })
  })

  test('one that is bound to a workspace sees those bound to it, and no sessions', async () => {
    const { app, me, bearer } = meApp(await open())
    const ada = await seedPerson(app, 'ada@example.com')
    const [here, there] = [await seedWorkspace(app, ada), await seedWorkspace(app, ada, 'There')]
    const make = async (boundWorkspaceId?: string) =>
      (await me(ada.actor).createToken({ note: 'x', ...(boundWorkspaceId && { boundWorkspaceId }) })).pat
    const [bound, beside] = [await make(here), await make(here)]
    await make(there)
    await make()
    const asBound = await bearer(bound.value)
    expect((await asBound.listTokens({})).pats.map((pat) => pat.id)).toEqual([bound.id, beside.id])
    expect((await me(ada.actor).listTokens({})).pats).toHaveLength(4)
    const session = sessionRow({ id: 's', user_id: ada.userId, expires_at: iso(app.clock.now() + day) })
    await storesOf(app).main.write((tx) => tx.insertInto('session').values(session).execute())
    expect(await asBound.listSessions({})).toEqual({ sessions: [] })
    expect((await me(ada.actor).listSessions({})).sessions).toHaveLength(1)
  })

  test('are bounded in number, exactly, and expired ones make room', async () => {
    const { app, clock, me } = meApp(await open())
    const ada = await seedPerson(app, 'ada@example.com')
    const brief = await seedToken(app, ada, { expiresAt: iso(clock.now() + hour) })
    const soon = await seedToken(app, ada, { expiresAt: iso(clock.now() + hour) })
    for (let i = 2; i < maxTokens - 1; i++) await seedToken(app, ada)
    const create = () => me(ada.actor).createToken({ note: 'x' })
    const twice = await Promise.allSettled([create(), create()])
    expect(twice.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await expect(create()).rejects.toMatchObject({ type: 'LimitExceeded', metadata: { most: maxTokens } })
    clock.advance(hour)
    await create()
    const { pats } = await me(ada.actor).listTokens({})
    expect(pats).toHaveLength(maxTokens)
    const expired = [brief.id, soon.id]
    const left = pats.filter(({ id }) => expired.includes(id)).map(({ id }) => id)
    expect(left).toHaveLength(1)
    const forgotten = expired.filter((id) => !left.includes(id))
    const { reader } = storesOf(app).main
    const payloads = await reader.selectFrom('audit_payload').select('payload').execute()
    expect(payloads.map(({ payload }) => payload).join()).toContain(`"expiredForgotten":${JSON.stringify(forgotten)}`)
    const gone = reader
      .selectFrom('change')
      .select('entity_id')
      .where('lane_id', '=', ada.userId)
      .where('deleted', '=', 1)
    expect(await gone.execute()).toEqual(forgotten.map((entity_id) => ({ entity_id })))
    await create()
    await expect(create()).rejects.toMatchObject({ type: 'LimitExceeded' })
  })

  test('the same creation twice at once makes one token, and both calls see its value', async () => {
    const stores = await open()
    const { app, me } = meApp(stores)
    const ada = await seedPerson(app, 'ada@example.com')
    const call = () => me(ada.actor, { idempotencyKey: 'once' }).createToken({ note: 'x' })
    const [one, two] = await Promise.all([call(), call()])
    expect(one).toEqual(two)
    expect(await authenticateBearer(app, one.pat.value)).toMatchObject({ userId: ada.userId })
    expect((await me(ada.actor).listTokens({})).pats).toHaveLength(1)
  })
})
