import { eachDialect } from '@steward/db/testing'
import { expect, test, vi } from 'vitest'
import { Browser } from './browser.testing.ts'
import { password, untilBothAsk } from './app.testing.ts'
import type { RecordFixture } from './record.testing.ts'
import { prepareFactor, recordFixture } from './record.testing.ts'

const better = 'an even better horse'

eachDialect('the record and the change', (open) => {
  test('are one: without the record nothing has changed', async () => {
    const s = await recordFixture(await open())
    await prepareFactor(s)
    await s.news()
    const make = s.app.ids.make.bind(s.app.ids)
    const broken = vi.spyOn(s.app.ids, 'make').mockImplementation((kind) => {
      if (kind === 'audit') throw new Error('no more ids')
      return make(kind)
    })
    const change = { currentPassword: password, newPassword: better }
    await expect(s.post('change-password', change)).rejects.toThrow('no more ids')
    await expect(s.post('two-factor/enable', { password })).rejects.toThrow('no more ids')
    await expect(s.post('sign-out', {})).rejects.toThrow('no more ids')
    await expect(new Browser(s.app).signIn('ada@example.com', password)).rejects.toThrow('no more ids')
    broken.mockRestore()
    expect(await s.news()).toEqual([])
    expect(await s.browser.session()).toMatchObject({ userId: s.userId })
    expect(await s.stores.main.reader.selectFrom('session').select('id').execute()).toHaveLength(1)
    expect((await new Browser(s.app).signIn('ada@example.com', password)).status).toBe(200)
  })

  const twice = async (s: RecordFixture, path: string, bodies: [object, object]) => {
    await s.news()
    const cookies = new Map(s.browser.cookies)
    const ask = async (body: object) => {
      const tab = new Browser(s.app)
      for (const [name, value] of cookies) tab.cookies.set(name, value)
      const answer = await tab.post(`/auth/${path}`, body)
      if (answer.ok) for (const [name, value] of tab.cookies) s.browser.cookies.set(name, value)
      return answer.status
    }
    const barrier = untilBothAsk(s.stores)
    const answers = await Promise.all(bodies.map((body) => ask(body)))
    barrier.mockRestore()
    return { answers: answers.toSorted((a, b) => a - b), records: (await s.news()).map(({ operation }) => operation) }
  }

  test('happen once when two tabs ask at the same moment', async () => {
    const s = await recordFixture(await open())
    const once = (operation: string, refused = 409) => ({ answers: [200, refused], records: [operation] })
    const same = (body: object): [object, object] => [body, body]
    expect(await twice(s, 'two-factor/enable', same({ password }))).toEqual(once('signIn.prepareSecondFactor'))
    expect(await s.stores.main.reader.selectFrom('two_factor').select('id').execute()).toHaveLength(1)
    const { code } = await prepareFactor(s)
    expect(await twice(s, 'two-factor/verify-totp', same({ code }))).toEqual(once('signIn.confirmSecondFactor', 401))
    const renewed = await s.post('two-factor/generate-backup-codes', { password })
    const { backupCodes } = (await renewed.json()) as { backupCodes: string[] }
    const spend = same({ code: backupCodes[0] })
    expect(await twice(s, 'two-factor/verify-backup-code', spend)).toEqual(once('signIn.spendBackupCode'))
    expect(await twice(s, 'two-factor/disable', same({ password }))).toEqual(once('signIn.removeSecondFactor', 401))
    const words = ['the first of two horses', 'the second of two horses'] as const
    const changes = words.map((newPassword) => ({ currentPassword: password, newPassword })) as [object, object]
    expect(await twice(s, 'change-password', changes)).toEqual(once('signIn.changePassword', 401))
    expect(await s.browser.session()).toMatchObject({ userId: s.userId })
    await s.clean()
  })

  test('two tabs that sign in again at the same moment end the session before once, and both are in', async () => {
    const s = await recordFixture(await open())
    const former = await s.browser.session()
    const again = { email: 'ada@example.com', password }
    const { answers, records } = await twice(s, 'sign-in/email', [again, again])
    expect(answers).toEqual([200, 200])
    expect(records.toSorted()).toEqual(['signIn.enter', 'signIn.enter', 'signIn.leave'])
    const sessions = await s.stores.main.reader.selectFrom('session').select('id').execute()
    expect([sessions.length, sessions.some(({ id }) => id === former?.id)]).toEqual([2, false])
    await s.clean()
  })

  test('a session before that cannot be ended is no secret', async () => {
    const s = await recordFixture(await open())
    const make = s.app.ids.make.bind(s.app.ids)
    let records = 0
    const broken = vi.spyOn(s.app.ids, 'make').mockImplementation((kind) => {
      if (kind === 'audit' && ++records === 2) throw new Error('no more ids')
      return make(kind)
    })
    const again = s.post('sign-in/email', { email: 'ada@example.com', password })
    await expect(again).rejects.toThrow('no more ids')
    broken.mockRestore()
    expect(await s.browser.session()).toMatchObject({ userId: s.userId })
  })

  test('a sign-in with the old password does not outlive the new one', async () => {
    const s = await recordFixture(await open())
    const late = new Browser(s.app)
    const barrier = untilBothAsk(s.stores)
    const entering = late.signIn('ada@example.com', password)
    await vi.waitFor(() => expect(barrier).toHaveBeenCalled(), { timeout: 20_000 })
    const changed = await s.status('change-password', { currentPassword: password, newPassword: better })
    const entered = await entering
    barrier.mockRestore()
    expect([changed, entered.status]).toEqual([200, 409])
    expect(await late.session()).toBeNull()
    const sessions = await s.stores.main.reader.selectFrom('session').select('id').execute()
    expect(sessions).toEqual([{ id: (await s.browser.session())?.id }])
    await s.clean()
  })
})
