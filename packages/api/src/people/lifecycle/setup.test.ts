import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, test } from 'vitest'
import { authenticateBearer } from '../../core/access/authenticate.ts'
import { day } from '../../core/clock.ts'
import { anonymous, testRequest } from '../../core/app.testing.ts'
import { createCallerFactory } from '../../core/procedure/trpc.ts'
import { Browser } from '../sign-in/browser.testing.ts'
import { password, signInApp } from '../sign-in/app.testing.ts'
import { setupRouter } from '../setup.router.ts'
import { createOwner, prepareFirstRun } from './setup.service.ts'

const callSetup = createCallerFactory(setupRouter)
const ada = { email: 'ada@example.com', name: 'Ada', password }

function fresh(stores: Stores) {
  const { app, clock, me } = signInApp(stores, { signUp: 'invited' })
  const setup = callSetup({ app, actor: anonymous, request: testRequest })
  return { app, clock, me, setup }
}

const owners = (stores: Stores) => stores.main.reader.selectFrom('user').selectAll().execute()

eachDialect('the first run', (open) => {
  test('makes a placeholder owner, a token and a code; later runs one more code', async () => {
    const stores = await open()
    const { app, me, setup } = fresh(stores)
    const first = await prepareFirstRun(app)
    expect(first).toEqual({
      token: expect.stringMatching(/^bp_pat_/) as string,
      setupCode: expect.stringMatching(/^stw_set_/) as string,
    })
    expect(await owners(stores)).toMatchObject([{ email: 'owner@steward.local', operator: 1, claimed: 0 }])
    const workspaces = await stores.main.reader.selectFrom('workspace').select('name').execute()
    expect(workspaces).toEqual([{ name: 'My workspace' }])
    const actor = await authenticateBearer(app, first.token ?? '')
    expect((await me(actor).get({})).account.email).toBe('owner@steward.local')
    expect(await setup.status({})).toEqual({ state: 'unclaimed', mail: false, providers: [] })
    expect((await new Browser(app).signIn('owner@steward.local', password)).status).toBe(401)

    const kept = JSON.stringify([
      await stores.main.reader.selectFrom('preference').selectAll().execute(),
      await stores.main.reader.selectFrom('audit_payload').selectAll().execute(),
    ])
    expect(kept).not.toContain(first.setupCode)
    expect(kept).not.toContain(first.token)

    const second = await prepareFirstRun(app)
    expect(second.token).toBeNull()
    expect(second.setupCode).not.toBe(first.setupCode)
    await setup.claim({ code: second.setupCode ?? '', ...ada })
    expect(await prepareFirstRun(app)).toEqual({ token: null, setupCode: null })
    expect(await owners(stores)).toHaveLength(1)
  })

  test.each(['first', 'second', 'third'] as const)(
    'of servers that start on one database each prints a code: the %s one claims, and ends the others',
    async (which) => {
      const stores = await open()
      const { app, setup } = fresh(stores)
      const one = await prepareFirstRun(app)
      const others = await Promise.all([prepareFirstRun(app), prepareFirstRun(app)])
      const codes = [one, ...others].map(({ setupCode }) => setupCode ?? '')
      expect(new Set(codes).size).toBe(3)
      const code = codes[['first', 'second', 'third'].indexOf(which)] ?? ''
      await setup.claim({ code, ...ada })
      for (const used of codes)
        await expect(setup.claim({ code: used, ...ada })).rejects.toMatchObject({ type: 'Forbidden' })
      expect(await stores.main.reader.selectFrom('preference').selectAll().execute()).toEqual([])
    },
  )

  test('of a server that starts again and again twenty codes count', async () => {
    const stores = await open()
    const { app, setup } = fresh(stores)
    const codes: string[] = []
    for (let i = 0; i < 21; i++) codes.push((await prepareFirstRun(app)).setupCode ?? '')
    await expect(setup.claim({ code: codes[0] ?? '', ...ada })).rejects.toMatchObject({ type: 'Forbidden' })
    await setup.claim({ code: codes[1] ?? '', ...ada })
  })

  test('of servers that start at once one makes the owner and prints the token, and all print a code', async () => {
    const stores = await open()
    const { app, setup } = fresh(stores)
    const runs = await Promise.all([prepareFirstRun(app), prepareFirstRun(app), prepareFirstRun(app)])
    expect(runs.filter((run) => run.token !== null)).toHaveLength(1)
    expect(await owners(stores)).toHaveLength(1)
    expect(await stores.main.reader.selectFrom('personal_access_token').selectAll().execute()).toHaveLength(1)
    expect(new Set(runs.map(({ setupCode }) => setupCode)).size).toBe(3)
    await setup.claim({ code: runs.find(({ token }) => token === null)?.setupCode ?? '', ...ada })
  })
})

eachDialect('claiming', (open) => {
  test('gives the owner an email, a name and a password, once; the first token ends with it', async () => {
    const stores = await open()
    const { app, setup } = fresh(stores)
    const { token, setupCode } = await prepareFirstRun(app)
    const code = setupCode ?? ''
    // As a terminal gives it, which broke the line.
    const { userId } = await setup.claim({ code: ` ${code.slice(0, 30)}\r\n${code.slice(30)} \n`, ...ada })
    expect(await setup.status({})).toEqual({ state: 'claimed', mail: false, providers: [] })
    await expect(authenticateBearer(app, token ?? '')).rejects.toMatchObject({ type: 'Unauthorized' })
    const account = await stores.main.reader.selectFrom('account').selectAll().executeTakeFirst()
    expect(account).toMatchObject({ name: 'Ada', contact_email: ada.email })
    const browser = new Browser(app)
    expect((await browser.signIn(ada.email, password)).status).toBe(200)
    expect(await browser.session()).toMatchObject({ userId })
    const again = setup.claim({ code, ...ada, email: 'eve@example.com' })
    await expect(again).rejects.toMatchObject({ type: 'Forbidden' })
  })

  test('keeps the first token where that is asked for, until it ends by itself after a week', async () => {
    const stores = await open()
    const { app, clock, me, setup } = fresh(stores)
    const { token, setupCode } = await prepareFirstRun(app)
    const { userId } = await setup.claim({ code: setupCode ?? '', ...ada, keepFirstToken: true })
    const actor = await authenticateBearer(app, token ?? '')
    expect((await me(actor).get({})).account).toMatchObject({ id: userId, email: ada.email, displayName: 'Ada' })
    clock.advance(7 * day)
    await expect(authenticateBearer(app, token ?? '')).rejects.toMatchObject({ type: 'Unauthorized' })
  })

  test('a wrong, malformed or old code is refused, and a weak password too', async () => {
    const stores = await open()
    const { app, clock, setup } = fresh(stores)
    const code = (await prepareFirstRun(app)).setupCode ?? ''
    const other = (await prepareFirstRun(fresh(await open()).app)).setupCode ?? ''
    for (const wrong of ['', 'x', `${code}x`, code.replace('stw_set_', 'stw_inv_')])
      await expect(setup.claim({ code: wrong, ...ada })).rejects.toMatchObject({ type: 'Forbidden' })
    expect(other).toMatch(/^stw_set_/)
    await expect(setup.claim({ code, ...ada, password: 'elevenchars' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    clock.advance(day)
    await expect(setup.claim({ code, ...ada })).rejects.toMatchObject({ type: 'Forbidden' })
    expect(await setup.status({})).toEqual({ state: 'unclaimed', mail: false, providers: [] })
    const renewed = (await prepareFirstRun(app)).setupCode ?? ''
    await setup.claim({ code: renewed, ...ada })
  })

  test('of many claims at once one wins', async () => {
    const stores = await open()
    const { app, setup } = fresh(stores)
    const code = (await prepareFirstRun(app)).setupCode ?? ''
    const emails = ['a@example.com', 'b@example.com', 'c@example.com', 'd@example.com']
    const tries = await Promise.allSettled(emails.map((email) => setup.claim({ code, ...ada, email })))
    expect(tries.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
    for (const result of tries)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ type: 'Forbidden' })
    expect(await stores.main.reader.selectFrom('sign_in_method').selectAll().execute()).toHaveLength(1)
  })
})

eachDialect('the owner from the command line', (open) => {
  test('claims once; a second run changes nothing and says what to do', async () => {
    const stores = await open()
    const { app, setup } = fresh(stores)
    await prepareFirstRun(app)
    const claimed = await createOwner(app, { email: 'Ada@Example.com', password })
    expect(claimed.outcome).toBe('claimed')
    expect(await setup.status({})).toEqual({ state: 'claimed', mail: false, providers: [] })
    const browser = new Browser(app)
    await browser.signIn(ada.email, password)
    expect(await browser.session()).toMatchObject({ userId: claimed.userId })

    for (const again of [ada.email, 'eve@example.com'])
      await expect(createOwner(app, { email: again, password: 'another good password' })).rejects.toMatchObject({
        type: 'AlreadyExists',
        message: expect.stringContaining('steward person reset ada@example.com') as unknown,
      })
    expect(await browser.session()).toMatchObject({ userId: claimed.userId })
    expect((await new Browser(app).signIn(ada.email, password)).status).toBe(200)
    expect((await new Browser(app).signIn(ada.email, 'another good password')).status).toBe(401)

    for (const [wrong, message] of [
      [{ email: 'nonsense', password }, /^"email": [^;]+$/],
      [{ email: ada.email, password: 'short' }, /^"password": [^;]+$/],
      [{ email: 'nonsense', password: 'short' }, /^"email": [^;]+; "password": [^;]+$/],
    ] as const) {
      const refusal = { type: 'InvalidPayload', message: expect.stringMatching(message) as unknown }
      await expect(createOwner(app, wrong)).rejects.toMatchObject(refusal)
    }
    expect(await owners(stores)).toHaveLength(1)
  })

  test('two at once make one owner', async () => {
    const stores = await open()
    const { app } = fresh(stores)
    const tries = await Promise.allSettled(
      ['ada@example.com', 'eve@example.com'].map((email) => createOwner(app, { email, password })),
    )
    expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await owners(stores)).toHaveLength(1)
  })

  test('makes the first owner where no process has started yet', async () => {
    const stores = await open()
    const { app, setup } = fresh(stores)
    const made = await createOwner(app, { ...ada, name: 'Ada' })
    expect(made.outcome).toBe('created')
    expect(await owners(stores)).toMatchObject([{ id: made.userId, operator: 1, claimed: 1, display_name: 'Ada' }])
    expect(await setup.status({})).toEqual({ state: 'claimed', mail: false, providers: [] })
    expect(await prepareFirstRun(app)).toEqual({ token: null, setupCode: null })
  })
})
