import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { checkAddress } from './doctor/address.ts'
import { dataOf, email, inStores, jsonOf, owned, password } from './cli.testing.ts'
import { startMailServer, textOf } from './mail/mail.testing.ts'
import { freshFolder, freshInstallation, steward, tokenIn, type Env, type Ran } from './process.testing.ts'

// Scripts read what goes to stdout, people what goes to stderr: both stand here as they are, for every command.

const place = (): string => join(freshFolder(), 'backup')
const fine = (out: string, err = ''): Ran => ({ code: 0, out, err })

test('owner create and workspace create', async () => {
  const env = await freshInstallation()
  const create = ['owner', 'create', '--email', email, '--name', 'Ada', '--password-stdin', '--json']
  const made = await steward(env, create, `${password}\n`)
  expect([made.code, jsonOf(made)]).toMatchObject([0, { email, userId: expect.any(String) as string }])
  const named = await inStores(env, ({ main }) =>
    main.reader.selectFrom('user').select(['email', 'display_name']).execute(),
  )
  expect(named).toEqual([{ email, display_name: 'Ada' }])
  const workspace = ['workspace', 'create', '--email', email, '--name', 'W']
  expect((await steward(env, workspace)).out).toMatch(/^wkspace_\w{26}\n$/)
  expect(jsonOf(await steward(env, [...workspace, '--json']))).toMatchObject({ name: 'W', botCount: 0 })
  const nobody = await steward(env, ['workspace', 'create', '--email', 'no@example.org', '--name', 'W'])
  expect(nobody).toMatchObject({ code: 1, out: '', err: expect.stringContaining('no@example.org') as string })
})

test('token create', async () => {
  const env = await owned()
  const create = (...more: string[]) => steward(env, ['token', 'create', '--email', email, '--note', 'ci', ...more])
  const plain = await create()
  expect(plain).toEqual(fine(`${tokenIn(plain.out)}\n`, `Token "ci" of ${email}. It is not shown again:\n`))
  expect((await create('--expires', '2099-01-31')).err).toBe(
    `Token "ci" of ${email}, valid until 2099-01-31T23:59:59.999Z. It is not shown again:\n`,
  )
  const whole = await create('--json')
  expect(whole.err).toBe('')
  expect(jsonOf(whole)).not.toHaveProperty('expiresAt', expect.any(String))
})

test('person reset and person sign-out', async () => {
  const env = await owned()
  const reset = (...more: string[]) => steward(env, ['person', 'reset', email, ...more])
  for (const [options, what] of [
    [[], 'password'],
    [['--password'], 'password'],
    [['--second-factor'], 'second factor'],
    [['--second-factor', '--password'], 'password and second factor'],
  ] as const) {
    const { code, err } = await reset(...options)
    const until = /until (\S+):\n$/.exec(err)?.[1]
    const words = `Anybody with this link can reset the ${what} of ${email}, so give it only to them.`
    expect([code, err]).toEqual([0, `${words} It works once, until ${until}:\n`])
  }
  expect((await reset('--expires', '1')).code).toBe(0)
  expect((await reset('--expires', '72')).code).toBe(0)
  for (const hours of ['0', '73', '100', '-1', '1h'])
    expect([hours, (await reset(`--expires=${hours}`)).code]).not.toEqual([hours, 0])
  const none = await steward(env, ['person', 'sign-out', email])
  expect(none).toEqual(fine(`0 sessions of ${email} ended.\n`))
})

test('mail test', async () => {
  const mail = await startMailServer()
  const env = {
    ...(await freshInstallation()),
    STEWARD_SMTP_URL: mail.url,
    STEWARD_MAIL_FROM: 'Steward <s@example.org>',
  }
  expect(await steward(env, ['mail', 'test', 'ada@example.org'])).toEqual(
    fine('127.0.0.1 accepted the message to ada@example.org. Check that it arrives and is not marked as spam.\n'),
  )
  expect(mail.received.map(textOf).join('')).toContain('This installation of Steward can send email.')
  await mail.close()
  const { code, err } = await steward(env, ['mail', 'test', 'ada@example.org'])
  expect([code, err]).toEqual([1, expect.stringMatching(/^127\.0\.0\.1:\d+: \S/)])
})

test('call', async () => {
  const env = await owned()
  const call = (args: string[], input?: string) => steward(env, ['call', ...args], input)
  const made = await call(['workspace.create', '-', '--as', email], '{"name":"from stdin"}\r\n')
  expect(jsonOf(made)).toMatchObject({ name: 'from stdin' })
  const input = { code: 2, out: '' }
  expect(await call(['workspace.create', '-'])).toMatchObject({
    ...input,
    err: expect.stringMatching(/^Standard input is empty. Pass the input as JSON.\n$/) as string,
  })
  expect(await call(['me.get', '{'])).toMatchObject({
    ...input,
    err: expect.stringMatching(/^The input is not valid JSON: /) as string,
  })
  expect(await call(['me.none'])).toMatchObject({
    ...input,
    err: 'There is no procedure "me.none". Run "steward call" to list all.\n',
  })
  const refused = await call(['me.get'])
  expect(refused.err).toMatch(/^\{\n  "id": "err_[^]*"type": "Forbidden"[^]*\}\nme\.get was refused: /)
})

test('migrate', async () => {
  const env = await freshInstallation()
  await steward(env, ['migrate'])
  expect(await steward(env, ['migrate'])).toEqual(fine('The database is up to date.\n'))
})

test('backup and restore', async () => {
  const env = await owned()
  const [plain, whole] = [place(), place()]
  expect(await steward(env, ['backup', plain])).toEqual(
    fine(
      `Backed up to ${plain}: the databases and 0 stored files.\n` +
        'The key that decrypts stored secrets is not in it: keep a copy of the key file (or STEWARD_SECRET_KEY) elsewhere.\n',
    ),
  )
  expect(await steward(env, ['backup', whole, '--with-key'])).toEqual(
    fine(
      `Backed up to ${whole}: the databases and 0 stored files.\n` +
        'It contains the key file: keep it as safe as the server itself.\n',
    ),
  )
  const other = await freshInstallation()
  const data = dataOf(other)
  const restored = `into ${data}: the databases and 0 stored files.`
  expect(await steward(other, ['restore', plain])).toEqual(
    fine(
      `Restored ${plain} ${restored}\nThere is no key file. Put your copy at ${join(data, 'secret.key')} before you start.\n`,
    ),
  )
  const forced = await steward(other, ['restore', whole, '--force'])
  const kept = /The previous data is in (.+)\.$/m.exec(forced.out)?.[1] ?? ''
  expect(existsSync(join(kept, 'steward.db'))).toBe(true)
  expect(forced).toEqual(
    fine(
      `Restored ${whole} ${restored}\nThe previous data is in ${kept}.\nThe key file was in the backup and has been restored.\n`,
    ),
  )
  // The key is the right one already.
  const again = await steward(other, ['restore', plain, '--force'])
  expect(again.out).not.toMatch(/key/i)
  rmSync(join(data, 'secret.key'))
  expect(await steward(other, ['backup', place(), '--with-key'])).toEqual({
    code: 2,
    out: '',
    err: `There is no key file ${join(data, 'secret.key')} to copy.\n`,
  })
})

test('backup and restore of a Postgres database are for its own tools', async () => {
  const env = { ...(await freshInstallation()), STEWARD_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
  const words = 'STEWARD_DATABASE_URL is set, and this works only with the embedded database.'
  expect(await steward(env, ['backup', place()])).toEqual({
    code: 2,
    out: '',
    err: `${words} Back up a Postgres database with pg_dump; it includes the stored bot code.\n`,
  })
  expect(await steward(env, ['restore', place()])).toEqual({
    code: 2,
    out: '',
    err: `${words} Restore a Postgres database with pg_restore.\n`,
  })
})

test('key replace', async () => {
  const env = await owned()
  const key = join(dataOf(env), 'secret.key')
  const former = join(freshFolder(), 'former.key')
  const replace = (...more: string[]) => steward(env, ['key', 'replace', ...more])
  const same = await replace('--former', key)
  expect(same.err).toBe(
    `The key in ${key} is the one already in use. Nothing was changed. Move ${key} elsewhere: a new one is created in its place.\n`,
  )
  const set = { ...env, STEWARD_SECRET_KEY: readFileSync(key, 'utf8').trim() }
  expect((await steward(set, ['key', 'replace', '--former', key])).err).toContain(
    'Nothing was changed. Set STEWARD_SECRET_KEY to the new one; create one with: openssl rand -hex 32',
  )
  renameSync(key, former)
  const tried = await replace('--former', former, '--dry-run')
  expect([tried.code, tried.out]).toEqual([
    0,
    ['bot secrets', 'bot signing secrets', 'second factors', 'waiting emails', 'stored responses']
      .map((what) => `${what}: 0 can be re-encrypted\n`)
      .join('') + 'Nothing was changed.\n',
  ])
  const done = await replace('--former', former)
  const ids = /now uses the key (\S+) instead of (\S+)\.$/m.exec(done.out)
  expect(done.out.split('\n').slice(0, 2)).toEqual([
    'A new key file was created: keep a copy of it elsewhere.',
    `This installation now uses the key ${ids?.[1]} instead of ${ids?.[2]}.`,
  ])
  expect(done.out).toMatch(
    /\n\d+ sessions? ended: everybody has to sign in again\.\nKeep the former key with the backups made before: they cannot be restored with any other\.\n$/,
  )
  const nothing = 'The database already uses the key that is set: nothing to do.\n'
  expect(await replace('--former', former)).toEqual(fine(nothing))
  expect(await replace('--former-is-lost')).toEqual(
    fine(`The database already uses the key ${ids?.[1]}: nothing to do.\n`),
  )
  rmSync(key)
  expect((await replace('--former-is-lost')).out).toMatch(
    /^A new key file was created: [^]* instead of \S+\.\n0 people have to set up a second factor again\.\n$/,
  )
})

test('audit verify', async () => {
  const env = await owned()
  const file = join(freshFolder(), 'checkpoints.jsonl')
  writeFileSync(file, 'not JSON\n')
  const verify = (...more: string[]) => steward(env, ['audit', 'verify', ...more])
  const sound = /^\d+ records? on \d+ chains?: all intact\.\n$/
  const { code, out, err } = await verify('--checkpoints', file)
  expect([code, out]).toEqual([0, expect.stringMatching(sound)])
  expect(err).toBe(`There are no checkpoints in ${file}.\nIgnored 1 line of ${file} that cannot be read.\n`)
  const plain = await verify()
  expect(plain).toEqual(fine(out))
})

test('doctor: a sound installation, and a damaged key', async () => {
  const env = await owned()
  const { code, out, err } = await steward(env, ['doctor'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(/\n\nAll is well\.\n$/)
  const key = join(dataOf(env), 'secret.key')
  for (const line of [
    `ok    data folder: ${dataOf(env)}`,
    'ok    file rights: other users cannot read the databases or the key',
    'ok    mail: no mail server is set: links are shown to the people who create them',
    `ok    secret key: ${key} (make sure that there is a copy of it elsewhere)`,
    'ok    schema (telemetry): empty, as expected',
    'ok    gauges: bot counts of 1 workspace are correct',
    'ok    outbox: nothing is stuck',
    'ok    encrypted secrets: the key decrypts everything (nothing yet)',
    'ok    stored files: every file that the database refers to is present and intact',
    'ok    cleanup: unused code is set aside, and deleted a week later',
  ])
    expect(out.split('\n')).toContain(line)
  expect(out).toMatch(/^ok {4}audit trail: .* are intact \(set STEWARD_AUDIT_CHECKPOINTS to a second place/m)
  const set = { ...env, STEWARD_SECRET_KEY: readFileSync(key, 'utf8').trim() }
  expect((await steward(set, ['doctor'])).out).toMatch(/^ok {4}secret key: from STEWARD_SECRET_KEY$/m)
  writeFileSync(key, 'short', { mode: 0o600 })
  const damaged = await steward(env, ['doctor'])
  expect(damaged.out).toContain(`fail  secret key: ${key} is damaged: it must contain at least 64 hex digits\n`)
  expect(damaged.out).toMatch(/\n\n1 failure, 0 warnings\.\n$/)
})

test.each<[Env, 'ok' | 'warn', string]>([
  [{ STEWARD_PUBLIC_URL: 'https://s.example.org' }, 'warn', 'the public URL is https://s.example.org'],
  [{ STEWARD_PUBLIC_URL: 'https://s.example.org', STEWARD_TRUST_PROXY: '1' }, 'ok', 'https://s.example.org'],
  [{ STEWARD_PUBLIC_URL: 'http://s.example.org' }, 'ok', 'http://s.example.org'],
  [{ STEWARD_HOST: '0.0.0.0' }, 'ok', 'any address of this machine, such as http://'],
  [{ STEWARD_HOST: '127.0.0.1', STEWARD_PORT: '7000' }, 'ok', 'http://127.0.0.1:7000'],
])('doctor: the address with %j is %s', (env, status, text) => {
  const found = checkAddress(readConfig({ STEWARD_DATA: '/d', ...env }, '/'))
  expect(found).toMatchObject({ name: 'address', status, text: expect.stringContaining(text) as string })
})
