import { migrate } from '@steward/db'
import { mainMigrations } from '@steward/db/testing'
import { silentLog } from '@steward/api/server'
import { openDatabases } from '@steward/installation'
import { signInMethodRow, userRow } from '@steward/testkit'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { progress } from './commands/audit.ts'
import { examine } from './commands/doctor.ts'
import { expiryOf } from './commands/people.ts'
import { readConfig } from './config.ts'
import { startMailServer } from './mail/mail.testing.ts'
import {
  freshFolder,
  freshInstallation,
  serveIn,
  steward,
  stewardProcess,
  tokenIn,
  type Env,
} from './process.testing.ts'
import { botWithCode, dataOf, email, inStores, jsonOf, owned, password } from './cli.testing.ts'

/** A database of an earlier version. */
async function migratedOnce(env: Env): Promise<void> {
  const stores = await openDatabases(readConfig(env, tmpdir()), silentLog)
  const steps = { main: mainMigrations.slice(0, 1), telemetry: [] }
  await migrate(stores, { now: () => new Date(0), steps })
  await stores.close()
}

describe.each(['sqlite', 'postgres'] as const)('the command line on %s', (engine) => {
  test('owner, workspace and token: made, printed alone, and good for the running server', async () => {
    const env = await freshInstallation(engine)
    const made = await stewardProcess(env, ['owner', 'create', '--email', email, '--password-stdin'], password)
    expect(made).toMatchObject({ code: 0, out: `${email} now owns this installation and can sign in.\n` })
    const server = await serveIn(env)
    expect(server.out()).not.toContain('Nobody owns')
    const workspace = await steward(env, ['workspace', 'create', '--email', email, '--name', 'From the shell'])
    expect(workspace.out).toMatch(/^wkspace_\w{26}\n$/)
    const plain = await steward(env, ['token', 'create', '--email', ` ${email.toUpperCase()} `, '--note', 'ci'])
    expect([plain.code, plain.out]).toEqual([0, `${tokenIn(plain.out)}\n`])
    const listed = await fetch(`${server.url}/v1/admin/workspaces`, {
      headers: { authorization: `Bearer ${plain.out.trim()}` },
    })
    expect(await listed.text()).toContain('From the shell')
    const limits = ['--scopes', 'bot:read, version:read', '--workspace', workspace.out.trim(), '--expires', '30d']
    const narrow = await steward(env, ['token', 'create', '--email', email, '--note', 'reader', ...limits, '--json'])
    expect(jsonOf(narrow)).toMatchObject({
      note: 'reader',
      scopes: ['bot:read', 'version:read'],
      boundWorkspaceId: workspace.out.trim(),
      value: tokenIn(narrow.out),
    })
    server.process.kill('SIGTERM')
    expect(await server.exit).toBe(0)
  })

  test('audit verify: sound, then an edit is found, with exit code 1', async () => {
    const env = await owned(engine)
    expect(await steward(env, ['audit', 'verify'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('all intact'),
    })
    const laneId = await inStores(env, ({ main }) =>
      main.write(async (tx) => {
        const row = await tx.selectFrom('audit_record').select(['id', 'lane_id']).limit(1).executeTakeFirstOrThrow()
        const forged = JSON.stringify({ after: 'something else' })
        await tx.updateTable('audit_payload').set({ payload: forged }).where('record_id', '=', row.id).execute()
        return row.lane_id
      }),
    )
    const found = await steward(env, ['audit', 'verify'])
    expect(found).toMatchObject({ code: 1, out: expect.stringContaining(`BROKEN ${laneId} at record 1 (edited)`) })
    const one = await steward(env, ['audit', 'verify', '--workspace', laneId, '--json'])
    expect([one.code, jsonOf(one)]).toMatchObject([1, { problems: [{ laneId, finding: { kind: 'edited' } }] }])
    const doctor = await stewardProcess(env, ['doctor'])
    expect(doctor).toMatchObject({ code: 1, out: expect.stringMatching(/^fail +audit trail: 1 chain broken/m) })
    const nowhere = await steward(env, ['audit', 'verify', '--workspace', 'wkspace_none'])
    expect(nowhere).toEqual({ code: 1, out: '', err: 'There are no records for wkspace_none. Check the id.\n' })
  })

  test('migrate: once, then nothing is left to do', async () => {
    const env = await freshInstallation(engine)
    const first = await steward(env, ['migrate'])
    expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/^Applied \d+ migrations\.\n$/) })
    expect(first.err.match(/^main: 0001_core …$/gm)).toHaveLength(1)
    expect(await steward(env, ['migrate', '--json'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('"main": []'),
    })
    const doctor = await steward(env, ['doctor'])
    expect(doctor.out).toMatch(/^ok +schema \(main\): \d{4}_\w+$/m)
  })

  test('migrate: from an earlier version, says what was copied before and what was done', async () => {
    const env = await freshInstallation(engine)
    await migratedOnce(env)
    const pending = `warn  schema (main): ${mainMigrations.length - 1} migrations not applied yet`
    expect((await steward(env, ['doctor'])).out.split('\n')).toContain(pending)
    const later = await steward(env, ['migrate'])
    expect(later).toMatchObject({ code: 0, out: `Applied ${mainMigrations.length - 1} migrations.\n` })
    const [first, ...rest] = later.err.trimEnd().split('\n')
    const done = engine === 'sqlite' ? rest : [first, ...rest]
    expect(done).toEqual(mainMigrations.slice(1).map(({ name }) => `main: ${name} …`))
    const copied = /^Copied the main database to (.+)\.$/.exec(first ?? '')?.[1]
    expect(copied !== undefined && existsSync(copied)).toBe(engine === 'sqlite')
    const other = await freshInstallation(engine)
    await migratedOnce(other)
    const made = await steward(other, ['owner', 'create', '--email', email, '--password-stdin'], password)
    const steps = mainMigrations.slice(1).map(({ name }) => `Migrated the main database: ${name}.\n`)
    expect([made.code, made.err]).toEqual([0, steps.join('')])
  })

  test('doctor: people whose only identity provider is no longer set', async () => {
    const env = await owned(engine)
    const lookAt = async (more: Env = {}) =>
      (await examine(readConfig({ ...env, ...more }, tmpdir()))).find(({ name }) => name === 'sign-in methods')
    expect(await lookAt()).toMatchObject({ status: 'ok' })
    await inStores(env, ({ main }) =>
      main.write(async (tx) => {
        await tx
          .insertInto('user')
          .values(userRow({ id: 'lost', email: 'lost@example.org' }))
          .execute()
        const owner = await tx.selectFrom('user').select('id').where('email', '=', email).executeTakeFirstOrThrow()
        for (const user_id of ['lost', owner.id])
          await tx
            .insertInto('sign_in_method')
            .values(signInMethodRow({ id: `m-${user_id}`, user_id, provider_id: 'acme' }))
            .execute()
      }),
    )
    expect(await lookAt()).toMatchObject({
      status: 'warn',
      text: '1 person can sign in only with an identity provider that is no longer configured: lost@example.org (acme)',
    })
    const acme = {
      id: 'acme',
      name: 'Acme',
      discoveryUrl: 'https://id.example.org/.well-known/openid-configuration',
      clientId: 'x',
      clientSecret: 'y',
    }
    expect(await lookAt({ STEWARD_OIDC: JSON.stringify([acme]) })).toMatchObject({ status: 'ok' })
  })

  test('doctor: all is well, and each thing that is not', async () => {
    const env = await owned(engine)
    const { bot } = await botWithCode(env)
    expect(await steward(env, ['doctor'])).toMatchObject({ code: 0, out: expect.not.stringMatching(/^fail/m) })
    await inStores(env, ({ main }) =>
      main.write(async (tx) => {
        await tx.updateTable('workspace').set({ bot_count: 7 }).execute()
        await tx
          .updateTable('bot')
          .set({ code_blob: 'ab'.repeat(32) })
          .where('id', '=', bot.id)
          .execute()
        const past = '2026-01-01T00:00:00.000Z'
        const task = {
          id: 'outbox_x',
          lane_id: 'x',
          topic: 'blob.collect',
          payload: '{}',
          created_at: past,
          run_after: past,
        }
        await tx
          .insertInto('outbox')
          .values({ ...task, attempts: 9, last_error: 'disk on fire' })
          .execute()
      }),
    )
    const doctor = await steward({ ...env, STEWARD_SECRET_KEY: 'ff'.repeat(32) }, ['doctor', '--json'])
    expect(doctor.code).toBe(1)
    const { findings } = jsonOf(doctor) as { findings: { name: string; status: string; text: string; fix?: string }[] }
    const wrong = Object.fromEntries(findings.filter((one) => one.status !== 'ok').map((one) => [one.name, one]))
    expect(wrong).toMatchObject({
      gauges: { status: 'fail', text: expect.stringContaining('7 kept, 1 counted') },
      outbox: { status: 'warn', text: expect.stringContaining('disk on fire') },
      'encrypted secrets': { status: 'fail', text: expect.stringContaining('does not match') },
      'stored files': { status: 'fail', text: expect.stringContaining('abab') },
    })
    for (const finding of Object.values(wrong)) expect(finding.fix).not.toBeUndefined()
  })
})

test('call: any procedure, as a person or as the installation; refusals are exit code 1, nonsense 2', async () => {
  const env = await owned()
  const me = await steward(env, ['call', 'me.get', '--as', email])
  expect(jsonOf(me)).toMatchObject({ account: { email } })
  const twice = ['call', 'workspace.create', '{"name":"once"}', '--as', email, '--idempotency-key', 'k1']
  expect((await steward(env, twice)).out).toBe((await steward(env, twice)).out)
  const refused = await stewardProcess(env, ['call', 'me.get'])
  expect([refused.code, refused.out]).toEqual([1, ''])
  expect(refused.err).toContain('"type": "Forbidden"')
  const invalid = await steward(env, ['call', 'workspace.create', '{"name":1}', '--as', email])
  expect([invalid.code, invalid.err.includes('InvalidPayload')]).toEqual([1, true])
  expect((await steward(env, ['call', 'no.such'])).code).toBe(2)
  expect((await steward(env, ['call', 'me.get', '{'])).code).toBe(2)
  const nobody = await steward(env, ['call', 'me.get', '--as', 'nobody@example.org'])
  expect([nobody.code, nobody.err.includes('nobody@example.org')]).toEqual([1, true])
  expect((await steward(env, ['call'])).out).toMatch(/^bot\.get +query +GET \/v1\/admin\/bots\/\{id\}$/m)
})

test('doctor: open files, a lost key, no database at all', async () => {
  const env = await owned()
  const key = join(dataOf(env), 'secret.key')
  chmodSync(key, 0o644)
  const open = await steward(env, ['doctor'])
  expect(open).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^fail +file rights: other users can read secret.key/m),
  })
  const lines = open.out.split('\n')
  expect(lines[lines.findIndex((line) => line.includes('file rights')) + 1]).toBe(`      → chmod 600 ${key}`)
  expect(lines.filter((line) => line.includes('→'))).toHaveLength(1)
  expect(lines).not.toContainEqual(expect.stringContaining('undefined'))
  rmSync(key)
  const lost = await steward(env, ['doctor'])
  expect(lost).toMatchObject({ code: 1, out: expect.stringMatching(/^fail +secret key: .* is missing/m) })
  expect(existsSync(key)).toBe(false)
  const nowhere = join(freshFolder(), 'none')
  const none = await steward({ STEWARD_DATA: nowhere }, ['doctor'])
  expect(none).toMatchObject({ code: 1, out: expect.stringMatching(/^fail +database: there is none/m) })
  expect(existsSync(nowhere)).toBe(false)
  const telemetry = join(dataOf(env), 'telemetry.db')
  rmSync(telemetry)
  const half = await steward(env, ['doctor'])
  expect(half).toMatchObject({ code: 1, out: expect.stringMatching(/^fail +database: telemetry\.db is missing/m) })
  expect(existsSync(telemetry)).toBe(false)
})

test('audit verify says every two seconds how far it is', () => {
  let now = 5000
  const said: string[] = []
  const tell = progress({ now: () => now }, (line) => said.push(line))
  for (let lanes = 1; lanes <= 9; lanes++) {
    tell({ lanes, records: lanes * 10 })
    now += 1000
  }
  expect(said).toEqual([3, 5, 7, 9].map((lanes) => `${lanes} chains, ${lanes}0 records so far …`))
})

test('audit verify holds the trail against checkpoints kept elsewhere', async () => {
  const folder = freshFolder()
  const file = join(folder, 'away', 'checkpoints.jsonl')
  const env: Env = { ...(await freshInstallation()), STEWARD_AUDIT_CHECKPOINTS: file }
  const server = await serveIn(env)
  // Checkpoints are signed soon after the start for every lane that moved.
  for (let i = 0; i < 100 && !existsSync(file); i++) await new Promise((resolve) => setTimeout(resolve, 50))
  server.process.kill('SIGTERM')
  expect(await server.exit).toBe(0)
  const [line = ''] = readFileSync(file, 'utf8').split('\n')
  const { laneId } = JSON.parse(line) as { laneId: string }
  expect((await steward(env, ['audit', 'verify'])).code).toBe(0)
  await inStores(env, ({ main }) =>
    main.write(async (tx) => {
      await tx.deleteFrom('audit_record').where('lane_id', '=', laneId).execute()
      await tx.deleteFrom('audit_checkpoint').where('lane_id', '=', laneId).execute()
      await tx.deleteFrom('lane').where('id', '=', laneId).execute()
    }),
  )
  const cut = await steward(env, ['audit', 'verify', '--checkpoints', file])
  expect(cut).toMatchObject({ code: 1, out: expect.stringContaining(`BROKEN ${laneId}`) })
  const nothing = await steward(env, ['audit', 'verify', '--checkpoints', `${file}.old`])
  expect(nothing).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`There is no file ${file}.old`) })
})

test('owner create changes nothing where there is an owner; person reset lets them in again', async () => {
  const env = await owned()
  const again = await steward(env, ['owner', 'create', '--email', email, '--password-stdin'], 'another password')
  expect([again.code, again.out]).toEqual([1, ''])
  expect(again.err).toContain(`steward person reset ${email}`)
  const server = await serveIn({ ...env, STEWARD_LOG_LEVEL: 'debug' })
  const signIn = (given: string) =>
    fetch(`${server.url}/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify({ email, password: given }),
    })
  expect((await signIn(password)).status).toBe(200)
  const reset = await steward(env, ['person', 'reset', email])
  expect(reset).toMatchObject({ code: 0, out: expect.stringMatching(/^http\S+\/recovery#stw_rec_\w{49}\n$/) })
  const both = await steward(env, ['person', 'reset', email.toUpperCase(), '--password', '--second-factor', '--json'])
  const made = jsonOf(both) as { link: string; email: string; emailed: boolean }
  expect(made).toMatchObject({ email, emailed: false })
  const secret = new URL(made.link).hash.slice(1)
  const use = (given: string) =>
    fetch(`${server.url}/v1/steward/recovery-links/use`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret: given, password: 'a whole new sentence' }),
    })
  expect((await use(new URL(reset.out.trim()).hash.slice(1))).status).toBe(404)
  expect(await (await use(secret)).json()).toEqual({ email, tokens: 0 })
  expect((await use(secret)).status).toBe(404)
  expect((await signIn(password)).status).toBe(401)
  expect((await signIn('a whole new sentence')).status).toBe(200)
  server.process.kill('SIGTERM')
  expect(await server.exit).toBe(0)
  expect(server.out() + server.err()).not.toMatch(/stw_rec_\w{9}|whole new sentence/)
  const unknown = await steward(env, ['person', 'reset', 'nobody@example.org'])
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('There is nobody with the email')])
  const wrong = await steward(env, ['person', 'reset', email, '--expires', 'soon'])
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('--expires')])
})

test('person sign-out ends the sessions of a person, and leaves their tokens', async () => {
  const env = await owned()
  const token = (await steward(env, ['token', 'create', '--email', email, '--note', 'n'])).out.trim()
  const server = await serveIn(env)
  const signIn = async (): Promise<Record<string, string>> => {
    const { headers } = await fetch(`${server.url}/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify({ email, password }),
    })
    return {
      cookie: headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; '),
    }
  }
  const statusOf = async (headers: Record<string, string>) =>
    (await fetch(`${server.url}/v1/steward/me/sessions`, { headers })).status
  const sessions = await Promise.all([signIn(), signIn()])
  expect(await Promise.all(sessions.map(statusOf))).toEqual([200, 200])
  const ended = await steward(env, ['person', 'sign-out', email.toUpperCase(), '--json'])
  expect([ended.code, jsonOf(ended)]).toEqual([0, { ended: 2 }])
  expect(await Promise.all(sessions.map(statusOf))).toEqual([401, 401])
  expect(await statusOf({ authorization: `Bearer ${token}` })).toBe(200)
  const again = await steward(env, ['person', 'sign-out', email])
  expect(again).toMatchObject({ code: 0, out: `0 sessions of ${email} ended.\n` })
  const unknown = await steward(env, ['person', 'sign-out', 'nobody@example.org'])
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('There is nobody with the email')])
})

test('mail test sends with the settings; doctor says whether the mail server answers', async () => {
  const env = await owned()
  const none = await steward(env, ['mail', 'test', 'ada@example.org'])
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('STEWARD_SMTP_URL')])
  const mail = await startMailServer()
  const set = { ...env, STEWARD_SMTP_URL: mail.url, STEWARD_MAIL_FROM: 'Steward <s@example.org>' }
  const sent = await steward(set, ['mail', 'test', 'ada@example.org', '--json'])
  expect([sent.code, jsonOf(sent)]).toMatchObject([0, { sent: true }])
  expect(mail.received).toMatchObject([{ from: 's@example.org', to: ['ada@example.org'] }])
  expect((await steward(set, ['doctor'])).out).toMatch(/^ok +mail: 127.0.0.1:\d+ answers/m)
  await mail.close()
  expect((await steward(set, ['doctor'])).out).toMatch(
    /^warn +mail: 127.0.0.1:\d+: The mail server did not accept the message/m,
  )
  expect(await steward(set, ['mail', 'test', 'ada@example.org'])).toMatchObject({ code: 1, out: '' })
})

test('wrong usage is exit code 2 and says what is right', async () => {
  const env = await freshInstallation()
  const wrong: [string[], string][] = [
    [['bogus'], "unknown command 'bogus'"],
    [['token', 'create', '--email', email], '--note'],
    [['owner', 'create', '--email', email], '--password-stdin'],
    [['token', 'create', '--email', email, '--note', 'n', '--expires', 'soon'], '--expires must be'],
    [['backup'], "missing required argument 'folder'"],
  ]
  const ran = await Promise.all(wrong.map(([args]) => steward(env, args)))
  expect(ran.map(({ code, out }) => [code, out])).toEqual(wrong.map(() => [2, '']))
  for (const [index, [, words]] of wrong.entries()) expect(ran[index]?.err).toContain(words)
  expect(existsSync(dataOf(env))).toBe(false)
  expect(await stewardProcess(env, ['bogus'])).toMatchObject({ code: 2, out: '', err: ran[0]?.err })
  const help = await steward(env, ['--help'])
  expect([help.code, help.out.includes('Exit codes')]).toEqual([0, true])
  const settings = await steward({ ...env, STEWARD_PORT: 'x' }, ['doctor'])
  expect([settings.code, settings.err]).toEqual([2, expect.stringContaining('STEWARD_PORT')])
})

test('an owner needs a proper password; a weak one makes no owner', async () => {
  const env = await freshInstallation()
  mkdirSync(dataOf(env))
  const weak = await steward(env, ['owner', 'create', '--email', email, '--password-stdin'], 'short')
  expect([weak.code, weak.err]).toEqual([1, expect.stringContaining('password')])
  const empty = await steward(env, ['owner', 'create', '--email', email, '--password-stdin'], '')
  expect([empty.code, empty.err]).toEqual([2, expect.stringContaining('empty')])
})

test.each([
  ['90d', '2026-05-30T00:00:00.000Z'],
  ['2027-01-31', '2027-01-31T23:59:59.999Z'],
  ['2027-01-31T12:00:00+02:00', '2027-01-31T10:00:00.000Z'],
])('--expires %s', (text, expected) => {
  expect(expiryOf(text, Date.parse('2026-03-01T00:00:00.000Z'))).toBe(expected)
})
