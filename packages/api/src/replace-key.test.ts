import type { Stores } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { knownKeys, takeSigningKey, WrongKey } from './audit/signing-key.service.ts'
import { verifyAll } from './audit/verify.service.ts'
import { secretPurpose, signingPurpose } from './bots/bot/bot.secrets.ts'
import type { Actor } from './core/context.ts'
import type { AppContext, Log } from './core/app-context.ts'
import { silentLog } from './core/app-context.ts'
import type { Mail } from './core/mail/mail.ts'
import { sendMail } from './core/mail/mail.ts'
import { startOutbox } from './core/write/outbox.ts'
import { KeyReplaced } from './core/secrets.ts'
import { anonymous, callerFor } from './core/app.testing.ts'
import { appRouter, areas } from './root.ts'
import { createAppContext } from './server.ts'
import { Browser, totp } from './people/sign-in/browser.testing.ts'
import { movedClock, password } from './people/sign-in/app.testing.ts'
import { replaceKey, tryReplaceKey } from './people/lifecycle/new-key.service.ts'

const secretOf = (digit: number): Uint8Array => new Uint8Array(32).fill(digit)
const email = 'ada@example.com'
const never = { after: () => () => {} }

/** An installation that has one of everything that is sealed. */
async function installation(stores: Stores) {
  const sent: Mail[] = []
  const logged: string[] = []
  const log: Log = { ...silentLog, error: (_, text) => void logged.push(text) }
  const clock = movedClock()
  const settings = { publicUrl: 'http://127.0.0.1:7420', signUp: 'open' as const }
  const mailer = { send: async (mail: Mail) => void sent.push(mail) }
  /** A process with that key; started as a server is. */
  const withSecret = async (digit: number): Promise<AppContext> => {
    const made = await createAppContext({ stores, secret: secretOf(digit), settings, clock, mailer, log })
    await takeSigningKey(made)
    return made
  }
  const app = await withSecret(1)
  const as = (at: AppContext, actor: Actor, idempotencyKey: string | null = null) =>
    callerFor(appRouter, at)(actor, { idempotencyKey })
  const { userId } = await as(app, anonymous).me.signUp({ email, name: 'Ada', password })
  const browser = new Browser(app)
  await browser.signIn(email, password)
  const { totpURI } = (await (await browser.post('/auth/two-factor/enable', { password })).json()) as {
    totpURI: string
  }
  expect((await browser.post('/auth/two-factor/verify-totp', { code: totp(totpURI) })).status).toBe(200)
  const ada: Actor = { kind: 'user', userId, credential: { kind: 'local' } }
  const [workspace] = (await as(app, ada).workspace.list({})).workspaces
  const workspaceId = workspace?.id ?? ''
  const createBot = (at: AppContext, key: string) =>
    as(at, ada, key).bot.create({ workspaceId, name: key, secrets: { API_KEY: `value of ${key}`, OTHER: 'other' } })
  const bot = await createBot(app, 'first')
  const invite = (at: AppContext, to: string) =>
    as(at, ada).member.invite({ workspaceId, email: to, role: 'viewer', sendEmail: true })
  await invite(app, 'new@example.com')
  const mailsOf = (at: AppContext) => startOutbox(at, { 'mail.send': sendMail(at) }, never)
  return { stores, app, withSecret, as, ada, createBot, bot, invite, mailsOf, totpURI, browser, sent, logged, clock }
}

type Installation = Awaited<ReturnType<typeof installation>>

/** Everything that is sealed is open to this process: people get in, calls are repeated, mails go out, secrets are read. */
async function expectOpen(s: Installation, app: AppContext): Promise<void> {
  expect(await s.createBot(app, 'first')).toEqual(s.bot)
  const { reader } = s.stores.main
  const secrets = await reader.selectFrom('bot_secret').selectAll().orderBy('name').execute()
  const mine = secrets.filter((row) => row.bot_id === s.bot.bot.id)
  expect(mine.map((row) => app.keys.unseal(row.sealed, secretPurpose(row.bot_id, row.name)))).toEqual([
    'value of first',
    'other',
  ])
  const signing = await reader.selectFrom('bot_signing_secret').selectAll().execute()
  const [first] = signing.filter((row) => row.bot_id === s.bot.bot.id)
  expect(app.keys.unseal(first?.sealed ?? '', signingPurpose(s.bot.bot.id))).toBe(s.bot.bot.signingSecret)
  await s.mailsOf(app).wake()
  expect([s.sent.map(({ to }) => to), s.logged]).toEqual([['new@example.com'], []])
  const phone = new Browser(app)
  await phone.signIn(email, password)
  expect(await phone.session()).toBeNull()
  expect((await phone.post('/auth/two-factor/verify-totp', { code: totp(s.totpURI, 1) })).status).toBe(200)
  expect(await phone.session()).not.toBeNull()
  expect((await verifyAll(app)).problems).toEqual([])
}

/** Every text sealed by `Keys.seal`, wherever it lies in the database, by its column. */
async function sealedTexts({ main }: Stores): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  const tables = (await main.library.introspection.getTables()).filter(({ schema = 'steward' }) => schema === 'steward')
  expect(tables.length).toBeGreaterThan(25)
  for (const { name } of tables) {
    const rows = await main.reader
      .selectFrom(name as 'bot_secret')
      .selectAll()
      .execute()
    for (const row of rows)
      for (const [column, value] of Object.entries<unknown>(row)) {
        const texts = String(value).match(/v1\.[\w-]{38,}/g)
        if (texts) found.set(`${name}.${column}`, [...(found.get(`${name}.${column}`) ?? []), ...texts])
      }
  }
  return found
}

eachDialect('another key while the former one is at hand', (open) => {
  it('opens all that was sealed before; the former one opens nothing any more', async () => {
    const s = await installation(await open())
    const before = await sealedTexts(s.stores)
    const ofLibrary = await s.stores.main.reader.selectFrom('two_factor').select('secret').execute()
    const done = await replaceKey(s.app, secretOf(2))
    const next = await s.withSecret(2)
    expect(done).toEqual({
      keyId: next.keys.keyId,
      formerKeyId: s.app.keys.keyId,
      sealed: [
        { what: 'bot secrets', sealed: 2, closed: 0 },
        { what: 'bot signing secrets', sealed: 1, closed: 0 },
        { what: 'second factors', sealed: 1, closed: 0 },
        { what: 'waiting emails', sealed: 1, closed: 0 },
        { what: 'stored responses', sealed: 1, closed: 0 },
      ],
      sessionsEnded: 1,
    })
    const after = await sealedTexts(s.stores)
    expect([...before.keys()].toSorted()).toEqual([...after.keys()].toSorted())
    const left = [...after.values()].flat().filter((text) => [...before.values()].flat().includes(text))
    expect(left).toEqual([])
    expect(await s.stores.main.reader.selectFrom('two_factor').select('secret').execute()).not.toEqual(ofLibrary)
    await expect(s.withSecret(1)).rejects.toThrow(WrongKey)
    await expectOpen(s, next)
    expect([...(await knownKeys(next)).keys()]).toEqual([next.keys.keyId, s.app.keys.keyId])
  })

  it('knows every column in which something sealed lies', async () => {
    const s = await installation(await open())
    const known = areas.sealed.map(({ table, column }) => `${table}.${column}`)
    // The library seals second factors in its own way.
    expect([...(await sealedTexts(s.stores)).keys()].toSorted()).toEqual(
      known.filter((name) => name !== 'two_factor.secret').toSorted(),
    )
    const tables = await s.stores.main.library.introspection.getTables()
    const keyOf = (name: string) => tables.find((table) => table.name === name)?.columns.map((column) => column.name)
    for (const { table, column, key } of areas.sealed)
      expect(keyOf(table)).toEqual(expect.arrayContaining([...key, column]))
    const named = tables.flatMap((table) =>
      table.columns.filter(({ name }) => name.includes('sealed')).map(({ name }) => `${table.name}.${name}`),
    )
    expect(named.filter((name) => !known.includes(name))).toEqual([])
  })

  it('signs everybody out, and says in the audit trail what it did, without a secret', async () => {
    const s = await installation(await open())
    expect(await s.browser.session()).not.toBeNull()
    const done = await replaceKey(s.app, secretOf(2))
    const next = await s.withSecret(2)
    expect(await s.browser.session()).toBeNull()
    const { reader } = s.stores.main
    for (const table of ['session', 'verification', 'sign_in_guess', 'mail_count'] as const)
      expect(await reader.selectFrom(table).selectAll().execute()).toEqual([])
    const records = await reader
      .selectFrom('audit_record')
      .innerJoin('audit_payload', 'record_id', 'id')
      .select(['resource_id', 'actor_kind', 'payload'])
      .where('lane_id', '=', 'instance')
      .orderBy('seq')
      .execute()
    expect(records.at(-1)).toMatchObject({ resource_id: next.keys.keyId, actor_kind: 'system' })
    expect(JSON.parse(records.at(-1)?.payload ?? '')).toMatchObject({ after: done })
    expect(JSON.stringify(records)).not.toMatch(/value of first|v1\.|(02){16}|AgICAgIC/)
  })

  it('is tried without changing anything', async () => {
    const s = await installation(await open())
    const before = await sealedTexts(s.stores)
    const tried = await tryReplaceKey(s.app)
    expect(tried.map(({ sealed, closed }) => [sealed, closed])).toEqual([
      [2, 0],
      [1, 0],
      [1, 0],
      [1, 0],
      [1, 0],
    ])
    expect(await sealedTexts(s.stores)).toEqual(before)
    await expectOpen(s, s.app)
  })

  it('changes nothing at all when it fails on its way', async () => {
    const s = await installation(await open())
    for (const what of areas.sealed.map((column) => column.what)) {
      const failing = replaceKey(s.app, secretOf(2), {
        onProgress: (progress) => {
          if (progress.what === what) throw new Error('pulled the plug')
        },
      })
      await expect(failing).rejects.toThrow('pulled the plug')
      await expect(s.withSecret(2)).rejects.toThrow(WrongKey)
    }
    expect(await s.browser.session()).not.toBeNull()
    await expectOpen(s, await s.withSecret(1))
  })

  it('counts what an earlier, lost key has sealed, and leaves it when told to', async () => {
    const s = await installation(await open())
    const lost = await createAppContext({ ...s.app, stores: s.stores, secret: secretOf(9), signIn: {} } as never)
    const row = { bot_id: s.bot.bot.id, name: 'LOST' }
    const sealed = lost.keys.seal('lost', secretPurpose(row.bot_id, row.name))
    await s.stores.main.write((tx) =>
      tx
        .insertInto('bot_secret')
        .values({ ...row, sealed })
        .execute(),
    )
    const counted = { what: 'bot secrets', sealed: 2, closed: 1 }
    expect((await tryReplaceKey(s.app))[0]).toEqual(counted)
    await expect(replaceKey(s.app, secretOf(2))).rejects.toMatchObject({
      name: 'NotAllOpens',
      sealed: expect.arrayContaining([counted]) as unknown,
    })
    await expect(s.withSecret(2)).rejects.toThrow(WrongKey)
    expect((await replaceKey(s.app, secretOf(2), { leaveClosed: true })).sealed[0]).toEqual(counted)
    const left = s.stores.main.reader.selectFrom('bot_secret').select('sealed').where('name', '=', 'LOST')
    expect(await left.executeTakeFirst()).toEqual({ sealed })
  })

  it('takes many rows some at a time, each once, and says how far it is', async () => {
    const s = await installation(await open())
    const { keys } = s.app
    const botId = s.bot.bot.id
    const names = Array.from({ length: 205 }, (_, index) => `N${index}`)
    await s.stores.main.write(async (tx) => {
      for (const name of names)
        await tx
          .insertInto('bot_secret')
          .values({ bot_id: botId, name, sealed: keys.seal(name, secretPurpose(botId, name)) })
          .execute()
    })
    const told: number[] = []
    const done = await replaceKey(s.app, secretOf(2), {
      onProgress: (progress) => {
        if (progress.what !== 'bot secrets') return
        expect(progress.total).toBe(207)
        told.push(progress.done)
      },
    })
    expect(told).toEqual([50, 100, 150, 200, 207])
    expect(done.sealed[0]).toEqual({ what: 'bot secrets', sealed: 207, closed: 0 })
    const next = await s.withSecret(2)
    const rows = await s.stores.main.reader.selectFrom('bot_secret').selectAll().execute()
    for (const row of rows.filter(({ name }) => names.includes(name)))
      expect(next.keys.unseal(row.sealed, secretPurpose(row.bot_id, row.name))).toBe(row.name)
  })

  it('lets a process with the former key write nothing more, and lose no mail', async () => {
    const s = await installation(await open())
    await replaceKey(s.app, secretOf(2))
    const before = await sealedTexts(s.stores)
    await expect(s.createBot(s.app, 'late')).rejects.toMatchObject({ cause: expect.any(KeyReplaced) as unknown })
    await expect(replaceKey(s.app, secretOf(3))).rejects.toThrow(KeyReplaced)
    await s.mailsOf(s.app).wake()
    expect([s.sent, s.logged]).toEqual([[], []])
    expect(await sealedTexts(s.stores)).toEqual(before)
    s.clock.advance(5000)
    await expectOpen(s, await s.withSecret(2))
  })

  it('misses nothing that is written while it is under way', async () => {
    const s = await installation(await open())
    const refused: unknown[] = []
    const made: string[] = []
    const writers = ['a', 'b', 'c'].map(async (name) => {
      for (let turn = 0; refused.length < 9; turn++)
        await s.createBot(s.app, `${name}${turn}`).then(
          () => made.push(name),
          (cause: unknown) => refused.push(cause),
        )
    })
    while (made.length < 5) await new Promise((resolve) => setTimeout(resolve, 5))
    await replaceKey(s.app, secretOf(2))
    await Promise.all(writers)
    for (const cause of refused) expect(cause).toMatchObject({ cause: expect.any(KeyReplaced) as unknown })
    const next = await s.withSecret(2)
    const rows = await s.stores.main.reader.selectFrom('bot_signing_secret').selectAll().execute()
    expect(rows).toHaveLength(made.length + 1)
    for (const row of rows) expect(next.keys.unseal(row.sealed, signingPurpose(row.bot_id))).toHaveLength(43)
  })
})
