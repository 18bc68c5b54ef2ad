import { invitationRow, memberRow } from '@steward/testkit'
import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { verifyAll } from '../../audit/verify.service.ts'
import { day, iso } from '../../core/clock.ts'
import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import { seedPerson, seedWorkspace } from '../../core/app.testing.ts'
import { Browser } from './browser.testing.ts'
import { password, signInApp, untilBothAsk } from './app.testing.ts'
import type { Identity, TestProvider } from './provider.testing.ts'
import { startProvider } from './provider.testing.ts'

let provider: TestProvider

beforeAll(async () => {
  provider = await startProvider()
})
beforeEach(() => {
  provider.forge = 'nothing'
  provider.address = 'in token'
})
afterAll(() => provider.close())

const ada: Identity = { sub: 'ada-1', email: 'Ada@example.com', email_verified: true, name: 'Ada Lovelace' }

function oidcApp(stores: Stores, signUp: 'open' | 'invited' = 'open', trustsEmail = false) {
  const { discoveryUrl, clientId, clientSecret } = provider
  const config = { id: 'local', name: 'Local', discoveryUrl, clientId, clientSecret, trustsEmail }
  return signInApp(stores, { signUp }, { providers: [config] })
}

/** Goes to the provider and back as this identity; gives the address one ends at. */
async function visit(browser: Browser, identity: Identity, from = '/auth/sign-in/social'): Promise<string> {
  const begun = await browser.post(from, { provider: 'local', callbackURL: '/home', errorCallbackURL: '/failed' })
  const { url } = (await begun.json()) as { url: string }
  const back = await provider.consent(url, identity)
  const answer = await browser.get(back)
  return answer.headers.get('location') ?? `${answer.status}`
}

const people = (stores: Stores) => stores.main.reader.selectFrom('user').selectAll().execute()

/** What the person's trail tells: operation and value. */
async function trail(stores: Stores, userId: string | undefined): Promise<string[]> {
  const rows = await stores.main.reader
    .selectFrom('audit_record as r')
    .innerJoin('audit_payload as p', 'p.record_id', 'r.id')
    .select(['r.operation', 'p.payload'])
    .where('r.lane_id', '=', userId ?? '')
    .orderBy('r.seq')
    .execute()
  return rows.map((row) =>
    `${row.operation} ${(JSON.parse(row.payload) as { value: string | null }).value ?? ''}`.trim(),
  )
}

async function invite(app: AppContext, email: string): Promise<void> {
  const owner = await seedPerson(app, 'owner@example.com')
  const workspaceId = await seedWorkspace(app, owner)
  const now = app.clock.now()
  await storesOf(app).main.write(async (tx) => {
    const member = { id: 'member_1', workspace_id: workspaceId, email, role: 'viewer' } as const
    await tx.insertInto('member').values(memberRow(member)).execute()
    const invitation = { id: 'invite_1', workspace_id: workspaceId, member_id: 'member_1', hash: 'h' }
    await tx
      .insertInto('invitation')
      .values(invitationRow({ ...invitation, expires_at: iso(now + day) }))
      .execute()
  })
}

eachDialect('signing in at an identity provider', (open) => {
  test('makes a whole person the first time and finds them the second', async () => {
    const stores = await open()
    const { app, me } = oidcApp(stores)
    const browser = new Browser(app)
    expect(await visit(browser, ada)).toBe('/home')
    const session = await browser.session()
    const [person] = await people(stores)
    expect(person).toMatchObject({ id: session?.userId, email: 'ada@example.com', email_verified: 1, operator: 0 })
    expect(person?.id).toMatch(/^[0-9a-f-]{36}$/)

    const account = await stores.main.reader.selectFrom('account').selectAll().executeTakeFirst()
    expect(account).toMatchObject({ kind: 'individual', user_id: person?.id, name: 'Ada Lovelace' })
    const workspace = await stores.main.reader.selectFrom('workspace').selectAll().executeTakeFirst()
    expect(workspace).toMatchObject({ name: "Ada Lovelace's workspace", account_id: account?.id })
    const method = await stores.main.reader.selectFrom('sign_in_method').selectAll().executeTakeFirst()
    expect(method).toMatchObject({
      provider_id: 'local',
      provider_user_id: 'ada-1',
      access_token: null,
      id_token: null,
    })
    const audited = await stores.main.reader
      .selectFrom('audit_record')
      .select(['operation', 'actor_kind', 'lane_id'])
      .orderBy('lane_id')
      .orderBy('seq')
      .execute()
    expect(audited).toHaveLength(4)
    const own = audited.filter((row) => row.lane_id === person?.id)
    expect(own).toMatchObject([
      { operation: 'me.signUp', actor_kind: 'user' },
      { operation: 'signIn.enter', actor_kind: 'user' },
    ])

    const again = new Browser(app)
    expect(await visit(again, { ...ada, name: 'Somebody Else' })).toBe('/home')
    expect(await again.session()).toMatchObject({ userId: person?.id })
    expect(await people(stores)).toHaveLength(1)
    const still = await stores.main.reader.selectFrom('sign_in_method').selectAll().executeTakeFirst()
    expect(still).toMatchObject({ access_token: null, refresh_token: null, id_token: null })
    const actor = {
      kind: 'user',
      userId: person?.id ?? '',
      credential: { kind: 'session', id: session?.id ?? '' },
    } as const
    expect((await me(actor).get({})).account.displayName).toBe('Ada Lovelace')
    expect(await trail(stores, person?.id)).toEqual(['me.signUp', 'signIn.enter local', 'signIn.enter local'])
  })

  test('where sign-up is by invitation, only invited people come in', async () => {
    const stores = await open()
    const { app } = oidcApp(stores, 'invited')
    const browser = new Browser(app)
    expect(await visit(browser, ada)).toMatch(/\/failed\?error=sign_up_closed/)
    expect(await browser.session()).toBeNull()
    expect(await people(stores)).toEqual([])
    await invite(app, 'ada@example.com')
    expect(await visit(browser, ada)).toBe('/home')
    expect(await people(stores)).toHaveLength(2)
  })

  test('an email nobody has verified makes nobody, unless the provider is trusted with it', async () => {
    const stores = await open()
    const careful = oidcApp(stores)
    const unverified = { ...ada, email_verified: false }
    expect(await visit(new Browser(careful.app), unverified)).toMatch(/error=email_not_verified/)
    expect(await people(stores)).toEqual([])
    const trusting = oidcApp(await open(), 'open', true)
    expect(await visit(new Browser(trusting.app), unverified)).toBe('/home')
  })

  test('the email of somebody with a password does not let one in as them; they may link it themselves', async () => {
    const stores = await open()
    const { app, signUp } = oidcApp(stores)
    const { userId } = await signUp('ada@example.com')
    const thief = new Browser(app)
    expect(await visit(thief, ada)).toMatch(/error=account_not_linked/)
    expect(await thief.session()).toBeNull()
    expect(await people(stores)).toHaveLength(1)

    const owner = new Browser(app)
    await owner.signIn('ada@example.com', password)
    expect(await visit(owner, { ...ada, email: 'other@example.com' }, '/auth/link-social')).toBe('/home')
    expect(await people(stores)).toMatchObject([{ email: 'ada@example.com' }])
    expect(await visit(owner, ada, '/auth/link-social')).toBe('/home')
    const later = new Browser(app)
    expect(await visit(later, ada)).toBe('/home')
    expect(await later.session()).toMatchObject({ userId })
    const did = ['me.signUp', 'signIn.enter password', 'signIn.addMethod local', 'signIn.enter local']
    expect(await trail(stores, userId)).toEqual(did)
    expect((await verifyAll(app)).problems).toEqual([])
  })

  test('of two ways to sign in one can be removed, and never both', async () => {
    const stores = await open()
    const { app, signUp } = oidcApp(stores)
    const { userId } = await signUp('ada@example.com')
    const owner = new Browser(app)
    await owner.signIn('ada@example.com', password)
    await visit(owner, ada, '/auth/link-social')
    const ways = stores.main.reader.selectFrom('sign_in_method').select(['id', 'provider_id'])
    const methods = await ways.execute()
    expect(methods).toHaveLength(2)
    const remove = async (accountId = '') => (await owner.post('/auth/unlink-account', { accountId })).ok
    expect(await remove('nothing')).toBe(false)
    const barrier = untilBothAsk(stores)
    const answers = await Promise.all(methods.map(({ id }) => remove(id)))
    barrier.mockRestore()
    expect(answers.filter(Boolean)).toHaveLength(1)
    const left = await ways.execute()
    expect(left).toHaveLength(1)
    expect(await remove(left[0]?.id)).toBe(false)
    const gone = methods.find(({ id }) => id !== left[0]?.id)?.provider_id
    expect((await trail(stores, userId)).slice(-2)).toEqual(['signIn.addMethod local', `signIn.removeMethod ${gone}`])
  })

  test('two people cannot have the same identity, asked for at the same moment', async () => {
    const stores = await open()
    const { app, signUp } = oidcApp(stores, 'open', true)
    const anybody = { sub: 'shared', name: 'Shared' }
    const begun = await Promise.all(
      ['ada@example.com', 'bob@example.com'].map(async (email) => {
        await signUp(email)
        const browser = new Browser(app)
        await browser.signIn(email, password)
        const asked = await browser.post('/auth/link-social', { provider: 'local', callbackURL: '/home' })
        const back = await provider.consent(((await asked.json()) as { url: string }).url, { ...anybody, email })
        return { browser, back }
      }),
    )
    const barrier = untilBothAsk(stores)
    const ends = await Promise.all(
      begun.map(async ({ browser, back }) => (await browser.get(back)).headers.get('location')),
    )
    barrier.mockRestore()
    expect(ends.filter((address) => address === '/home')).toHaveLength(1)
    expect(ends.find((address) => address !== '/home')).toMatch(/error=/)
    const shared = stores.main.reader.selectFrom('sign_in_method').select('id').where('provider_user_id', '=', 'shared')
    expect(await shared.execute()).toHaveLength(1)
    const added = stores.main.reader.selectFrom('audit_record').select('id').where('operation', '=', 'signIn.addMethod')
    expect(await added.execute()).toHaveLength(1)
  })

  test.each(['signature', 'nonce', 'audience'] as const)('an ID token with a wrong %s is refused', async (forge) => {
    const stores = await open()
    const { app } = oidcApp(stores)
    provider.forge = forge
    const browser = new Browser(app)
    expect(await visit(browser, ada)).toMatch(/\/failed\?error=/)
    expect(await browser.session()).toBeNull()
    expect(await people(stores)).toEqual([])
  })

  test('a provider that calls itself by another name lets nobody in, unless that name is set', async () => {
    const stores = await open()
    const { app } = oidcApp(stores)
    provider.forge = 'issuer'
    expect(await visit(new Browser(app), ada)).toMatch(/\/failed\?error=/)
    expect(await people(stores)).toEqual([])
    const { discoveryUrl, clientId, clientSecret } = provider
    const issuer = discoveryUrl.replace('/.well-known/openid-configuration', '/another')
    const config = { id: 'local', name: 'Local', discoveryUrl, issuer, clientId, clientSecret }
    const told = signInApp(stores, { signUp: 'open' }, { providers: [config] })
    expect(await visit(new Browser(told.app), ada)).toBe('/home')
  })

  test('an address that is not in the ID token is asked for, and no redirect is followed to it', async () => {
    const stores = await open()
    const { app } = oidcApp(stores)
    provider.address = 'elsewhere'
    expect(await visit(new Browser(app), ada)).toMatch(/error=/)
    expect(await people(stores)).toEqual([])
    provider.address = 'apart'
    expect(await visit(new Browser(app), ada)).toBe('/home')
    expect(await people(stores)).toMatchObject([{ email: 'ada@example.com', email_verified: 1 }])
  })

  test('an answer is good once, in the browser that asked, and an ID token from elsewhere never', async () => {
    const stores = await open()
    const { app } = oidcApp(stores)
    const browser = new Browser(app)
    const begun = await browser.post('/auth/sign-in/social', { provider: 'local', callbackURL: '/home' })
    const { url } = (await begun.json()) as { url: string }
    const back = await provider.consent(url, ada)
    const stranger = new Browser(app)
    expect((await stranger.get(back)).headers.get('location')).toMatch(/error/)
    expect(await stranger.session()).toBeNull()
    const direct = await browser.post('/auth/sign-in/social', { provider: 'local', idToken: { token: 'x.y.z' } })
    expect(direct.status).toBe(400)
    const off = { provider: 'local', callbackURL: 'https://evil.example/' }
    expect((await browser.post('/auth/sign-in/social', off)).status).toBe(403)
    expect(await people(stores)).toEqual([])

    const patient = new Browser(app)
    const asked = await patient.post('/auth/sign-in/social', { provider: 'local', callbackURL: '/home' })
    const answer = await provider.consent(((await asked.json()) as { url: string }).url, ada)
    expect((await patient.get(answer)).headers.get('location')).toBe('/home')
    expect((await patient.get(answer)).headers.get('location')).toMatch(/error/)
    expect(await stores.main.reader.selectFrom('session').select('id').execute()).toHaveLength(1)
  })

  test('of many equal answers at once, at two servers, one reaches the exchange of its code', async () => {
    const stores = await open()
    const { app } = oidcApp(stores)
    const elsewhere = oidcApp(stores).app
    const browser = new Browser(app)
    const begun = await browser.post('/auth/sign-in/social', { provider: 'local', callbackURL: '/home' })
    const back = await provider.consent(((await begun.json()) as { url: string }).url, ada)
    const before = provider.exchanges
    const isAnswered = holdFirstReader(stores)
    const answers = await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const tab = Object.assign(new Browser(i % 2 === 0 ? app : elsewhere), { cookies: new Map(browser.cookies) })
        const answer = await tab.get(back)
        isAnswered()
        return answer.headers.get('location')
      }),
    )
    expect(provider.exchanges - before).toBe(1)
    expect(answers.filter((to) => to === '/home')).toHaveLength(1)
    expect(answers.filter((to) => to?.endsWith('/sign-in?error=state_mismatch'))).toHaveLength(11)
    expect(await stores.main.reader.selectFrom('session').select('id').execute()).toHaveLength(1)
  })
})

/** Whoever reads the state first gets it when another has read it too, or has been answered (which the caller tells). */
function holdFirstReader({ main }: Stores): () => void {
  let readers = 0
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  const hold: Parameters<typeof main.library.withPlugin>[0] = {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (!result.rows.some((row) => 'identifier' in row && String(row['value']).includes('codeVerifier')))
        return result
      readers += 1
      if (readers === 1) await released
      else release()
      return result
    },
  }
  Object.assign(main, { library: main.library.withPlugin(hold) })
  return release
}
