import { sessionRow } from '@steward/testkit'
import type { Role } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { describe, expect, test, vi } from 'vitest'
import { day, hour, iso, minute } from '../../core/clock.ts'
import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import type { Mail } from '../../core/mail/mail.ts'
import { sha256 } from '../../core/secrets.ts'
import {
  type SeededPerson,
  anonymous,
  callerFor,
  seedMember,
  seedPerson,
  seedToken,
  seedWorkspace,
  testApp,
} from '../../core/app.testing.ts'
import { router } from '../../core/procedure/trpc.ts'
import { startJobs } from '../../jobs.ts'
import { memberRouter } from '../member.router.ts'
import { Browser, totp } from '../sign-in/browser.testing.ts'
import { password, signInApp } from '../sign-in/app.testing.ts'
import { recoveryRouter } from '../recovery.router.ts'
import { makeRecoveryLink } from './recovery.service.ts'

const routes = router({ recovery: recoveryRouter, member: memberRouter })
const secretOf = (link: string): string => new URL(link).hash.slice(1)
const never = { after: () => () => {} }

async function makeOperator(app: AppContext, { userId }: SeededPerson): Promise<void> {
  await storesOf(app).main.write((tx) => tx.updateTable('user').set({ operator: 1 }).where('id', '=', userId).execute())
}

async function records(app: AppContext, laneId: string) {
  const rows = await storesOf(app)
    .main.reader.selectFrom('audit_record as r')
    .innerJoin('audit_payload as p', 'p.record_id', 'r.id')
    .select(['r.operation', 'r.actor_id', 'p.payload'])
    .where('r.lane_id', '=', laneId)
    .orderBy('r.seq')
    .execute()
  return rows.map(({ payload, ...row }) => ({ ...row, ...(JSON.parse(payload) as Record<string, unknown>) }))
}

eachDialect('recovery links of administrators', (open) => {
  async function fixture() {
    const { app, clock } = testApp(await open())
    const owner = await seedPerson(app, 'owner@example.com')
    const workspaceId = await seedWorkspace(app, owner, 'Acme')
    const joined = async (name: string, role: Role) => {
      const person = await seedPerson(app, `${name}@example.com`)
      return { ...person, memberId: await seedMember(app, workspaceId, { ...person, role }) }
    }
    const admin = await joined('admin', 'administrator')
    const ada = await joined('ada', 'developer')
    const call = callerFor(routes, app)
    const make = (by: SeededPerson, memberId: string, more: object = {}) =>
      call(by.actor).recovery.createForMember({ workspaceId, memberId, ...more })
    const lookup = (link: string) => call(anonymous).recovery.lookup({ secret: secretOf(link) })
    return { app, clock, owner, admin, ada, workspaceId, joined, call, make, lookup }
  }
  const forbidden = { type: 'Forbidden' }

  test('are shown once, kept as a hash, and say what they do', async () => {
    const s = await fixture()
    const made = await s.make(s.admin, s.ada.memberId, { secondFactor: true })
    expect(made).toMatchObject({ email: 'ada@example.com', emailed: false })
    expect(new URL(made.link)).toMatchObject({ pathname: '/recovery', search: '' })
    expect(Date.parse(made.expiresAt) - s.clock.now()).toBe(day)
    const [row] = await storesOf(s.app).main.reader.selectFrom('recovery_link').selectAll().execute()
    expect(row).toMatchObject({ hash: sha256(secretOf(made.link)), made_by: s.admin.userId })
    expect(JSON.stringify(row)).not.toContain(secretOf(made.link))
    expect(await s.lookup(made.link)).toEqual({
      email: 'ada@example.com',
      password: true,
      secondFactor: true,
      expiresAt: made.expiresAt,
    })
    for (const lane of [s.workspaceId, s.ada.userId])
      expect((await records(s.app, lane)).at(-1)).toMatchObject({
        operation: 'recovery.createForMember',
        actor_id: s.admin.userId,
        value: 'recovery link',
        resourceName: 'ada@example.com',
        after: { password: true, secondFactor: true },
      })
    expect(JSON.stringify(await records(s.app, s.ada.userId))).not.toContain(secretOf(made.link))
  })

  test('work once, until they run out or a newer one is made', async () => {
    const s = await fixture()
    const first = await s.make(s.admin, s.ada.memberId)
    const second = await s.make(s.owner, s.ada.memberId, { expiresInHours: 2 })
    await expect(s.lookup(first.link)).rejects.toMatchObject({ type: 'ResourceNotFound' })
    const use = (link: string) => s.call(anonymous).recovery.use({ secret: secretOf(link), password: 'a new sentence' })
    const answers = await Promise.allSettled([use(second.link), use(second.link)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await expect(use(second.link)).rejects.toMatchObject({ type: 'ResourceNotFound' })
    const third = await s.make(s.owner, s.ada.memberId, { expiresInHours: 2 })
    s.clock.advance(2 * hour)
    await expect(s.lookup(third.link)).rejects.toMatchObject({ type: 'ResourceGone' })
    await expect(use(third.link)).rejects.toMatchObject({ type: 'ResourceGone' })
    for (const wrong of ['stw_rec_x', secretOf(third.link).replace('stw_rec_', 'stw_inv_'), `${secretOf(third.link)}x`])
      await expect(s.call(anonymous).recovery.lookup({ secret: wrong })).rejects.toMatchObject({
        type: 'ResourceNotFound',
      })
  })

  test('are not for oneself, for who stands above, for who has not joined, or for nothing', async () => {
    const s = await fixture()
    await expect(s.make(s.admin, s.admin.memberId)).rejects.toMatchObject(forbidden)
    const { members } = await s.call(s.owner.actor).member.list({ workspaceId: s.workspaceId })
    const ownerMember = members.find(({ role }) => role === 'owner')?.id ?? ''
    await expect(s.make(s.admin, ownerMember)).rejects.toMatchObject(forbidden)
    const email = 'pending@example.com'
    const pending = await s.call(s.owner.actor).member.invite({ workspaceId: s.workspaceId, email, role: 'viewer' })
    await expect(s.make(s.admin, pending.member.id)).rejects.toMatchObject({ type: 'ResourceNotFound' })
    await expect(s.make(s.admin, s.ada.memberId, { password: false })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(s.make(s.ada, s.admin.memberId)).rejects.toMatchObject(forbidden)
  })

  describe('are refused where whoever makes one could become more than they are', () => {
    test('the person has a place in a workspace of another account', async () => {
      const s = await fixture()
      const stranger = await seedPerson(s.app, 'stranger@example.com')
      const elsewhere = await seedWorkspace(s.app, stranger, 'Elsewhere')
      await seedMember(s.app, elsewhere, { ...s.ada, role: 'viewer' })
      await seedMember(s.app, elsewhere, { ...s.admin, role: 'administrator' })
      await expect(s.make(s.admin, s.ada.memberId)).rejects.toMatchObject(forbidden)
    })

    test('or in one of this account that the maker does not lead', async () => {
      const s = await fixture()
      const second = await seedWorkspace(s.app, s.owner, 'Second')
      await seedMember(s.app, second, { ...s.ada, role: 'viewer' })
      await expect(s.make(s.admin, s.ada.memberId)).rejects.toMatchObject(forbidden)
      await seedMember(s.app, second, { ...s.admin, role: 'administrator' })
      expect(await s.make(s.admin, s.ada.memberId)).toMatchObject({ email: 'ada@example.com' })
      const token = await seedToken(s.app, s.admin, { workspaceId: s.workspaceId })
      const credential = { kind: 'token', id: token.id, scopes: null, workspaceId: s.workspaceId } as const
      const bound = { ...s.admin, actor: { kind: 'user', userId: s.admin.userId, credential } as const }
      await expect(s.make(bound, s.ada.memberId)).rejects.toMatchObject(forbidden)
    })

    test('or leads one', async () => {
      const s = await fixture()
      const second = await seedWorkspace(s.app, s.owner, 'Second')
      await seedMember(s.app, second, { ...s.ada, role: 'administrator' })
      await seedMember(s.app, second, { ...s.admin, role: 'administrator' })
      await expect(s.make(s.admin, s.ada.memberId)).rejects.toMatchObject(forbidden)
    })

    test('or has bots at home', async () => {
      const s = await fixture()
      const home = await seedWorkspace(s.app, s.ada, 'Home')
      expect(await s.make(s.admin, s.ada.memberId)).toMatchObject({ email: 'ada@example.com' })
      await seedMember(s.app, home, { ...s.owner, role: 'viewer' })
      await expect(s.make(s.admin, s.ada.memberId)).rejects.toMatchObject(forbidden)
    })

    test('or administers an account, or operates the installation', async () => {
      const s = await fixture()
      await storesOf(s.app).main.write((tx) =>
        tx
          .insertInto('account_administrator')
          .values({ account_id: s.owner.accountId, user_id: s.ada.userId, created_at: iso(s.clock.now()) })
          .execute(),
      )
      await expect(s.make(s.admin, s.ada.memberId)).rejects.toMatchObject(forbidden)
      const op = await s.joined('op', 'viewer')
      await makeOperator(s.app, op)
      await expect(s.make(s.admin, op.memberId)).rejects.toMatchObject(forbidden)
    })
  })

  test('end when that is so later, or when their maker is no administrator any more', async () => {
    const s = await fixture()
    const { link } = await s.make(s.admin, s.ada.memberId)
    const stranger = await seedPerson(s.app, 'stranger@example.com')
    const elsewhere = await seedWorkspace(s.app, stranger, 'Elsewhere')
    await seedMember(s.app, elsewhere, { ...s.ada, role: 'viewer' })
    await expect(s.call(anonymous).recovery.use({ secret: secretOf(link), password })).rejects.toMatchObject({
      type: 'ResourceGone',
    })
    const bob = await s.joined('bob', 'viewer')
    const his = await s.make(s.admin, bob.memberId)
    await s.call(s.owner.actor).member.update({ workspaceId: s.workspaceId, id: s.admin.memberId, role: 'manager' })
    await expect(s.lookup(his.link)).rejects.toMatchObject({ type: 'ResourceGone' })
  })

  test('take a session that was confirmed within ten minutes', async () => {
    const s = await fixture()
    const id = s.app.ids.uuid()
    const [now, expires_at] = [iso(s.clock.now()), iso(s.clock.now() + day)]
    const session = sessionRow({ id, user_id: s.admin.userId, created_at: now, expires_at })
    await storesOf(s.app).main.write((tx) => tx.insertInto('session').values(session).execute())
    const actor = { kind: 'user', userId: s.admin.userId, credential: { kind: 'session', id } } as const
    expect(await s.make({ ...s.admin, actor }, s.ada.memberId)).toMatchObject({ email: 'ada@example.com' })
    s.clock.advance(10 * minute)
    await expect(s.make({ ...s.admin, actor }, s.ada.memberId)).rejects.toMatchObject(forbidden)
  })

  test('the operator makes them for everybody, and nobody else does', async () => {
    const s = await fixture()
    const email = s.ada.email
    for (const who of [s.owner, s.admin, s.ada])
      await expect(s.call(who.actor).recovery.create({ email })).rejects.toMatchObject(forbidden)
    await makeOperator(s.app, s.owner)
    const made = await s.call(s.owner.actor).recovery.create({ email })
    expect(await s.lookup(made.link)).toMatchObject({ email, password: true, secondFactor: false })
    await expect(s.call(s.owner.actor).recovery.create({ email: s.owner.email })).rejects.toMatchObject(forbidden)
    await expect(s.call(s.owner.actor).recovery.create({ email: 'no@example.com' })).rejects.toMatchObject({
      type: 'ReferenceNotFound',
    })
    await storesOf(s.app).main.write((tx) => tx.updateTable('user').set({ operator: 0 }).execute())
    await expect(s.lookup(made.link)).rejects.toMatchObject({ type: 'ResourceGone' })
  })

  test('go once they have run out', async () => {
    const s = await fixture()
    await s.make(s.admin, s.ada.memberId)
    const jobs = startJobs(s.app, { timer: never })
    s.clock.advance(day + 1)
    await jobs.tidy()
    await jobs.stop()
    expect(await storesOf(s.app).main.reader.selectFrom('recovery_link').selectAll().execute()).toEqual([])
  })
})

eachDialect('using a recovery link', (open) => {
  async function signedUp(email: string) {
    const { app, signUp } = signInApp(await open())
    const { userId } = await signUp(email)
    const call = callerFor(routes, app)
    const use = (link: string, given?: string) =>
      call(anonymous, { ip: '203.0.113.9' }).recovery.use({
        secret: secretOf(link),
        ...(given !== undefined && { password: given }),
      })
    return { app, userId, use }
  }

  test('sets the password, ends every session and leaves personal tokens', async () => {
    const s = await signedUp('ada@example.com')
    const browser = new Browser(s.app)
    await browser.signIn('ada@example.com', password)
    const person = { userId: s.userId, accountId: '', email: '', actor: anonymous }
    await seedToken(s.app, person)
    const { link } = await makeRecoveryLink(s.app, { email: 'Ada@example.com' })
    await expect(s.use(link)).rejects.toMatchObject({ type: 'InvalidPayload' })
    await expect(s.use(link, 'short')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(await browser.session()).not.toBeNull()
    expect(await s.use(link, 'a whole new sentence')).toEqual({ email: 'ada@example.com', tokens: 1 })
    expect(await browser.session()).toBeNull()
    expect((await new Browser(s.app).signIn('ada@example.com', password)).status).toBe(401)
    expect((await new Browser(s.app).signIn('ada@example.com', 'a whole new sentence')).status).toBe(200)
    const trail = await records(s.app, s.userId)
    expect(trail.find(({ operation }) => operation === 'recovery.use')).toMatchObject({
      actor_id: s.userId,
      ip: '203.0.113.9',
      value: 'new password',
      after: { sessionsEnded: 1, link: { origin: 'given', madeBy: null } },
    })
    expect(trail.find(({ operation }) => operation === 'recovery.create')).toMatchObject({ actor_id: 'command line' })
  })

  test('removes the second factor and the devices that skip it; the password stays', async () => {
    const s = await signedUp('bob@example.com')
    const browser = new Browser(s.app)
    await browser.signIn('bob@example.com', password)
    const enabled = (await (await browser.post('/auth/two-factor/enable', { password })).json()) as { totpURI: string }
    await browser.post('/auth/two-factor/verify-totp', { code: totp(enabled.totpURI) })
    const asked = await new Browser(s.app).signIn('bob@example.com', password)
    expect(await asked.json()).toMatchObject({ twoFactorRedirect: true })
    const { link } = await makeRecoveryLink(s.app, { email: 'bob@example.com', password: false, secondFactor: true })
    expect(await s.use(link)).toMatchObject({ email: 'bob@example.com' })
    expect(await browser.session()).toBeNull()
    const free = new Browser(s.app)
    expect(await (await free.signIn('bob@example.com', password)).json()).not.toHaveProperty('twoFactorRedirect')
    expect(await free.session()).toMatchObject({ userId: s.userId })
    const { reader } = storesOf(s.app).main
    expect(await reader.selectFrom('two_factor').selectAll().execute()).toEqual([])
    const trail = await records(s.app, s.userId)
    expect(trail.find(({ operation }) => operation === 'recovery.use')).toMatchObject({
      value: 'second factor removed',
      before: { secondFactor: true },
      after: { secondFactor: false },
    })
  })
})

eachDialect('asking for a link by mail', (open) => {
  async function fixture(hasMailer = true) {
    const sent: Mail[] = []
    const mailer = hasMailer ? { send: async (mail: Mail) => void sent.push(mail) } : null
    const { app, clock } = testApp(await open(), { mailer })
    const ada = await seedPerson(app, 'ada@example.com')
    const guest = await seedPerson(app, 'guest@example.com')
    const now = iso(clock.now())
    const bob = await seedPerson(app, 'bob@example.com')
    const noTokens = { access_token: null, refresh_token: null, id_token: null, scope: null }
    const noEnds = { access_token_expires_at: null, refresh_token_expires_at: null }
    const methods = [ada, bob].map(({ userId }) => ({
      id: userId,
      user_id: userId,
      provider_id: 'credential',
      provider_user_id: userId,
      password: 'x',
      created_at: now,
      updated_at: now,
      ...noTokens,
      ...noEnds,
    }))
    await storesOf(app).main.write((tx) => tx.insertInto('sign_in_method').values(methods).execute())
    const jobs = startJobs(app, { timer: never })
    const call = callerFor(routes, app)
    const ask = (email: string, ip = '203.0.113.5') => call(anonymous, { ip }).recovery.request({ email })
    const rows = () => storesOf(app).main.reader.selectFrom('outbox').selectAll().execute()
    /** Once so many have been promised or sent; what was asked for before these is then done. */
    const delivered = async (count: number) => {
      await vi.waitFor(async () => expect((await rows()).length + sent.length).toBeGreaterThanOrEqual(count), 30_000)
      await jobs.mail.wake()
      return sent
    }
    return { app, clock, ada, bob, guest, call, ask, rows, delivered, sent, jobs }
  }

  test('sends it to who signs in with a password, and answers strangers the same', async () => {
    const s = await fixture()
    const answers = [await s.ask('nobody@example.com'), await s.ask(s.guest.email), await s.ask('Ada@Example.com')]
    expect(answers).toEqual(answers.map(() => ({ byMail: true })))
    const [mail, ...others] = await s.delivered(1)
    expect(others).toEqual([])
    expect(mail).toMatchObject({ to: 'ada@example.com', subject: 'Reset your password for Steward' })
    const [link = ''] = /http\S+\/recovery#stw_rec_\w+/.exec(mail?.text ?? '') ?? []
    expect(mail?.html).toContain(`href="${link}"`)
    const used = await s.call(anonymous).recovery.use({ secret: secretOf(link), password: 'a whole new sentence' })
    expect(used).toMatchObject({ email: 'ada@example.com' })
    await s.jobs.stop()
  })

  test('not again within ten minutes; ends nothing that an administrator made; good for an hour', async () => {
    const s = await fixture()
    const given = await makeRecoveryLink(s.app, { email: s.ada.email })
    await s.ask(s.ada.email)
    await s.delivered(1)
    await s.ask(s.ada.email)
    await s.ask(s.bob.email)
    await s.delivered(2)
    s.clock.advance(10 * minute)
    await s.ask(s.ada.email)
    const sent = await s.delivered(3)
    expect(sent.map(({ to }) => to)).toEqual([s.ada.email, s.bob.email, s.ada.email])
    const links = sent.filter(({ to }) => to === s.ada.email).map(({ text }) => /stw_rec_\w+/.exec(text)?.[0] ?? '')
    const lookup = (secret: string) => s.call(anonymous).recovery.lookup({ secret })
    await expect(lookup(links[0] ?? '')).rejects.toMatchObject({ type: 'ResourceNotFound' })
    expect(await lookup(links[1] ?? '')).toMatchObject({ password: true, secondFactor: false })
    expect(await lookup(secretOf(given.link))).toMatchObject({ email: s.ada.email })
    s.clock.advance(hour)
    await expect(lookup(links[1] ?? '')).rejects.toMatchObject({ type: 'ResourceGone' })
    await s.jobs.stop()
  })

  test('three at first, then one in four hours: nobody fills a mailbox, or uses up what its owner needs', async () => {
    const s = await fixture()
    const midnight = Math.ceil(s.clock.now() / day) * day
    s.clock.advance(midnight - s.clock.now())
    for (let turn = 1; turn <= 3; turn++, s.clock.advance(10 * minute)) {
      await s.ask(s.ada.email)
      await s.delivered(turn)
    }
    await s.ask(s.ada.email)
    // Requests are taken in turn: once this one is done, so is that before.
    await s.ask(s.bob.email)
    const sent = await s.delivered(4)
    expect(sent.map(({ to }) => to)).toEqual([s.ada.email, s.ada.email, s.ada.email, s.bob.email])
    s.clock.advance(midnight + 4 * hour - s.clock.now())
    await s.ask(s.ada.email)
    await s.delivered(5)
    expect(sent.at(-1)?.to).toBe(s.ada.email)
    await s.jobs.stop()
  })

  test('a network address asks ten times an hour', async () => {
    const s = await fixture()
    for (let i = 0; i < 10; i++) await s.ask(`nobody${i}@example.com`)
    await expect(s.ask(s.ada.email)).rejects.toMatchObject({ type: 'RateLimited' })
    expect(await s.ask(s.ada.email, '203.0.113.6')).toEqual({ byMail: true })
    await s.delivered(1)
    await s.jobs.stop()
  })

  test('says so where no mail is sent', async () => {
    const s = await fixture(false)
    expect(await s.ask(s.ada.email)).toEqual({ byMail: false })
    expect(await s.rows()).toEqual([])
    const made = await s
      .call(s.ada.actor)
      .member.list({ workspaceId: 'x' })
      .catch(() => null)
    expect(made).toBeNull()
    await s.jobs.stop()
  })
})
