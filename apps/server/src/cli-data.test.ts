import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { freshFolder, freshInstallation, serveIn, steward, stewardProcess, type Env } from './process.testing.ts'
import { botWithCode, dataOf, email, jsonOf, owned } from './cli.testing.ts'

const foreignKey = 'ee'.repeat(32)
const keyFile = (env: Env): string => join(dataOf(env), 'secret.key')
/** A folder that is not there yet, for a backup. */
const place = (): string => join(freshFolder(), 'backup')

function onlyBody(folder: string): string {
  const names = readdirSync(join(folder, 'blobs'), { recursive: true }) as string[]
  const [found] = names.filter((name) => /[0-9a-f]{64}$/.test(name))
  return join(folder, 'blobs', found ?? 'none')
}

test('backup while the server runs, restore elsewhere, and the same bot answers with its code and secrets', async () => {
  const env = await owned()
  const server = await serveIn(env)
  const { bot } = await botWithCode(env)
  const folder = join(freshFolder(), 'backup')
  const backup = await stewardProcess(env, ['backup', folder, '--with-key', '--json'])
  expect(jsonOf(backup)).toMatchObject({ bodies: 1, withKey: true, files: [expect.any(String), expect.any(String)] })
  expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600)
  expect((await steward(env, ['backup', folder])).code).toBe(1)
  server.process.kill('SIGTERM')
  await server.exit

  const other = await freshInstallation()
  const restored = await stewardProcess(other, ['restore', folder])
  expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('1 stored file') })
  const doctor = await steward(other, ['doctor'])
  expect(doctor.out).toMatch(/^ok +encrypted secrets: the key decrypts all 1 that were tried$/m)
  expect(doctor.out).toMatch(/^ok +stored files: every file that the database refers to is present and intact$/m)
  expect(doctor.code).toBe(0)
  const again = await serveIn(other)
  const token = (await steward(other, ['token', 'create', '--email', email, '--note', 'n'])).out.trim()
  const got = await fetch(`${again.url}/v1/admin/bots/${bot.id}`, { headers: { authorization: `Bearer ${token}` } })
  expect(await got.json()).toMatchObject({ bot: { id: bot.id } })

  const running = await steward(other, ['restore', folder, '--force'])
  expect([running.code, running.err]).toEqual([1, expect.stringContaining('in use')])
  again.process.kill('SIGTERM')
  await again.exit
  expect(await steward(other, ['restore', folder])).toMatchObject({ code: 1, err: expect.stringContaining('already') })
  const forced = await steward(other, ['restore', folder, '--force', '--json'])
  const { kept } = jsonOf(forced) as { kept: string }
  expect(readdirSync(kept)).toContain('steward.db')
})

test('a backup without the key says so, and restoring it asks for the key', async () => {
  const env = await owned()
  const folder = join(freshFolder(), 'backup')
  expect((await steward(env, ['backup', folder])).out).toContain('keep a copy of the key file')
  expect(existsSync(join(folder, 'secret.key'))).toBe(false)
  const other = await freshInstallation()
  expect((await steward(other, ['restore', folder])).out).toContain('There is no key file')
  writeFileSync(join(folder, 'steward.db'), 'not a database')
  const third = await freshInstallation()
  const damaged = await steward(third, ['restore', folder])
  expect([damaged.code, existsSync(join(dataOf(third), 'steward.db'))]).toEqual([3, false])
})

test('a restore sets aside the checkpoints kept elsewhere, which know of a later trail', async () => {
  const env = { ...(await owned()), STEWARD_AUDIT_CHECKPOINTS: join(freshFolder(), 'checkpoints.jsonl') }
  const folder = place()
  await steward(env, ['backup', folder])
  const server = await serveIn(env)
  for (let i = 0; i < 100 && !existsSync(env.STEWARD_AUDIT_CHECKPOINTS); i++) await sleep(50)
  server.process.kill('SIGTERM')
  await server.exit
  const { checkpoints } = jsonOf(await steward(env, ['restore', folder, '--force', '--json'])) as {
    checkpoints: string
  }
  expect(readFileSync(checkpoints, 'utf8')).toContain('"seq"')
  expect(existsSync(env.STEWARD_AUDIT_CHECKPOINTS)).toBe(false)
  const verified = await steward(env, ['audit', 'verify'])
  expect(verified).toMatchObject({ code: 0, err: expect.stringContaining('There are no checkpoints') })
  const again = await steward(env, ['restore', folder, '--force', '--json'])
  expect([again.code, jsonOf(again)]).toMatchObject([0, { checkpoints: null }])
})

test('a backup is there only when it is whole, and in no folder that holds something', async () => {
  const env = await owned()
  const folder = place()
  // What a backup leaves that was killed on its way.
  mkdirSync(join(folder, '.partial', 'blobs'), { recursive: true })
  writeFileSync(join(folder, '.partial', 'steward.db.partial'), 'half')
  const empty = await steward(await freshInstallation(), ['restore', folder])
  expect(empty).toMatchObject({ code: 2, err: expect.stringContaining('There is no backup in') })
  expect((await steward(env, ['backup', folder])).code).toBe(0)
  expect(readdirSync(folder).toSorted()).toEqual(['blobs', 'steward.db', 'telemetry.db'])
  const again = await steward(env, ['backup', folder, '--json'])
  expect([again.code, jsonOf(again)]).toEqual([
    1,
    { error: { code: 'failed', message: expect.stringContaining('not empty') as string } },
  ])
  const withoutKey = await steward({ ...env, STEWARD_SECRET_KEY: foreignKey }, ['backup', place(), '--with-key'])
  expect(withoutKey).toMatchObject({ code: 2, err: expect.stringContaining('omit --with-key') })
})

test('a backup does not lie among the bodies, however its place is written, and in the data folder not unsaid', async () => {
  const env = await owned()
  await botWithCode(env)
  const bodies = join(dataOf(env), 'blobs')
  const link = join(freshFolder(), 'link')
  symlinkSync(bodies, link)
  const before = readdirSync(bodies, { recursive: true })
  for (const folder of [bodies, join(bodies, 'b'), join(bodies, '..', 'blobs', 'a', 'b'), join(link, 'b')])
    expect(await steward(env, ['backup', folder])).toMatchObject({
      code: 2,
      err: expect.stringContaining('in a folder that is being backed up') as string,
    })
  expect(readdirSync(bodies, { recursive: true })).toEqual(before)
  const within = await steward(env, ['backup', join(dataOf(env), 'blobs-of-today')])
  expect(within).toMatchObject({ code: 0, err: expect.stringContaining('Copy the backup elsewhere') as string })
  expect((await steward(env, ['backup', place()])).err).not.toContain('elsewhere.')
})

test('a backup beside a busy server misses nothing', async () => {
  const env = await owned()
  const server = await serveIn(env)
  const { workspaces } = jsonOf(await steward(env, ['call', 'workspace.list', '--as', email])) as {
    workspaces: { id: string }[]
  }
  const token = (await steward(env, ['token', 'create', '--email', email, '--note', 'n'])).out.trim()
  const headers = {
    authorization: `Bearer ${token}`,
    'x-workspace-id': workspaces[0]?.id ?? '',
    'content-type': 'application/json',
  }
  let made = 0
  const done = new AbortController()
  const making = (async () => {
    for (; !done.signal.aborted; made++)
      await fetch(`${server.url}/v1/admin/bots`, { method: 'POST', headers, body: `{"code":"run(${made})"}` })
  })()
  const folder = place()
  const backup = await stewardProcess(env, ['backup', folder, '--json'])
  done.abort()
  await making
  expect([backup.code, jsonOf(backup)]).toMatchObject([0, { missing: [] }])
  expect(made).toBeGreaterThan(5)
  expect(await steward(await freshInstallation(), ['restore', folder])).toMatchObject({ code: 0 })
})

test('a damaged body is in no backup, and doctor, backup and restore say so', async () => {
  const env = await owned()
  const { bot } = await botWithCode(env)
  writeFileSync(onlyBody(dataOf(env)), 'export default 2')
  expect(await steward(env, ['doctor'])).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^fail +stored files: 1 stored file missing or damaged/m),
  })
  // That is no refusal, but a fault: it is told as it is.
  const asked = await steward(env, ['call', 'bot.getJson', `{"id":"${bot.id}"}`, '--as', email])
  expect(asked).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^DamagedBlob: .*\n +at /) })
  const folder = place()
  const backup = await steward(env, ['backup', folder, '--json'])
  expect([backup.code, jsonOf(backup)]).toMatchObject([
    1,
    { bodies: 0, missing: [expect.stringMatching(/^[0-9a-f]{64}$/)] },
  ])
  const restored = await steward(await freshInstallation(), ['restore', folder])
  expect(restored).toMatchObject({ code: 1, out: expect.stringMatching(/^MISSING [0-9a-f]{64}/m) })
})

describe('a key that is not the one of the database', () => {
  test('is refused by server and commands, until it is taken for the former one', async () => {
    const env = await owned()
    await botWithCode(env, { API_KEY: 'known to the bot' })
    const wrong = { ...env, STEWARD_SECRET_KEY: foreignKey }
    await expect(serveIn(wrong)).rejects.toThrow(/STEWARD_SECRET_KEY does not match this database/)
    expect(await steward(wrong, ['call', 'me.get', '--as', email])).toMatchObject({ code: 2, out: '' })
    const asked = await steward(wrong, ['key', 'replace'])
    expect(asked).toMatchObject({ code: 2, err: expect.stringContaining('--former-is-lost') })
    rmSync(keyFile(env))
    expect((await steward(env, ['audit', 'verify'])).code).toBe(2)
    expect(existsSync(keyFile(env))).toBe(false)
    const replaced = await steward(env, ['key', 'replace', '--former-is-lost'])
    expect(replaced).toMatchObject({ code: 0, out: expect.stringContaining('A new key file was created') })
    expect(await steward(env, ['audit', 'verify'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('all intact'),
    })
    const doctor = await steward(env, ['doctor'])
    expect(doctor).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^warn +encrypted secrets: .* 2 of 2 secrets/m),
    })
    const again = await steward(env, ['key', 'replace', '--former-is-lost', '--json'])
    expect(jsonOf(again)).toMatchObject({ replaced: false })
  })

  test('is told by restore, which brings the right one with --force', async () => {
    const env = await owned()
    const folder = place()
    await steward(env, ['backup', folder, '--with-key'])
    const other = await owned()
    const formerKey = readFileSync(keyFile(other), 'utf8')
    const forced = await steward(other, ['restore', folder, '--force', '--json'])
    const { kept, key } = jsonOf(forced) as { kept: string; key: string }
    expect([forced.code, key]).toEqual([0, 'restored'])
    expect(readFileSync(join(kept, 'secret.key'), 'utf8')).toBe(formerKey)
    expect(readFileSync(keyFile(other), 'utf8')).toBe(readFileSync(keyFile(env), 'utf8'))
    const third = await freshInstallation()
    mkdirSync(dataOf(third))
    writeFileSync(keyFile(third), foreignKey)
    const told = await steward(third, ['restore', folder])
    expect(told).toMatchObject({ code: 1, out: expect.stringContaining(`WRONG KEY ${keyFile(third)}`) })
    expect(readFileSync(keyFile(third), 'utf8')).toBe(foreignKey)
    const environment = await steward({ ...(await freshInstallation()), STEWARD_SECRET_KEY: foreignKey }, [
      'restore',
      folder,
    ])
    expect(environment).toMatchObject({ code: 1, out: expect.stringContaining('WRONG KEY STEWARD_SECRET_KEY') })
  })
})

test('a command for what is there makes no installation where none is', async () => {
  const env = await freshInstallation()
  const commands = [
    ['backup', join(freshFolder(), 'b')],
    ['audit', 'verify', '--json'],
    ['token', 'create', '--email', email, '--note', 'n'],
    ['call', 'workspace.listPublic'],
    ['key', 'replace', '--former-is-lost'],
  ]
  const ran = await Promise.all(commands.map((args) => steward(env, args)))
  for (const { code, err } of ran) expect([code, err]).toEqual([2, expect.stringContaining('no Steward database in')])
  expect(jsonOf(ran[1] ?? { code: 0, out: '', err: '' })).toMatchObject({ error: { code: 'usage' } })
  expect(existsSync(dataOf(env))).toBe(false)
  const postgres = await freshInstallation('postgres')
  const verified = await steward(postgres, ['audit', 'verify'])
  expect([verified.code, verified.err]).toEqual([2, expect.stringContaining('STEWARD_DATABASE_URL')])
  expect(await steward(postgres, ['doctor'])).toMatchObject({
    out: expect.stringMatching(/^ok +secret key: none yet/m),
  })
})

test('blobs accept-loss: the way on after the code of bots was lost', async () => {
  const env = await owned()
  await botWithCode(env)
  const accept = (...more: string[]) => steward(env, ['blobs', 'accept-loss', ...more])
  expect(await accept()).toEqual({ code: 0, out: 'No code is missing: nothing to do.\n', err: '' })
  rmSync(join(dataOf(env), 'blobs'), { recursive: true })
  const refused = await steward(env, ['audit', 'verify'])
  expect(refused).toMatchObject({ code: 3, out: '', err: expect.stringContaining('"steward blobs accept-loss"') })
  const accepted = await accept()
  expect(accepted).toMatchObject({
    code: 0,
    out:
      'Of the newest 1 code bundle 0 are there. Steward starts without the others;\n' +
      'upload or deploy their bots again. "steward doctor" lists what is missing.\n',
  })
  expect(jsonOf(await accept('--json'))).toEqual({ lookedFor: 1, found: 0 })
  expect(await steward(env, ['audit', 'verify'])).toMatchObject({ code: 0 })
})
