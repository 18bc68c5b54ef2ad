import { secretPurpose } from '@steward/api/server'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { sayProgress } from './commands/key.ts'
import { readConfig } from './config.ts'
import { openApp } from './open.ts'
import { freshFolder, serveIn, start, steward, type Env } from './process.testing.ts'
import { botWithCode, dataOf, email, inStores, jsonOf, owned } from './cli.testing.ts'

const keyFile = (env: Env): string => join(dataOf(env), 'secret.key')
const replaceWith = (former: string, ...more: string[]): string[] => ['key', 'replace', '--former', former, ...more]
const counts = (ran: { out: string }) => (JSON.parse(ran.out) as { sealed: { what: string; sealed: number }[] }).sealed

/** Adds so many sealed secrets to the bot, with the key in the file. */
async function addSecrets(env: Env, botId: string, count: number): Promise<void> {
  const opened = await openApp(readConfig(env, '/'), { debug() {}, info() {}, warn() {}, error() {} })
  const { keys } = opened.app
  await opened.stores.main.write(async (tx) => {
    for (let at = 0; at < count; at += 100) {
      const names = Array.from({ length: 100 }, (_, index) => `N${at + index}`)
      const rows = names.map((name) => ({
        bot_id: botId,
        name,
        sealed: keys.seal(name, secretPurpose(botId, name)),
      }))
      await tx.insertInto('bot_secret').values(rows).execute()
    }
  })
  await opened.close()
}

/** How many of the bot's secrets the key that is set opens; the app opens with no other than the database's own. */
async function opensAll(env: Env, botId: string): Promise<boolean> {
  const opened = await openApp(readConfig(env, '/'), { debug() {}, info() {}, warn() {}, error() {} })
  try {
    const rows = await opened.stores.main.reader.selectFrom('bot_secret').selectAll().execute()
    return rows.every((row) => opened.app.keys.unseal(row.sealed, secretPurpose(botId, row.name)) === row.name)
  } finally {
    await opened.close()
  }
}

describe.each(['sqlite', 'postgres'] as const)('key replace --former (%s)', (engine) => {
  test('makes a new key file and seals everything anew', async () => {
    const env = await owned(engine)
    const { bot } = await botWithCode(env)
    await addSecrets(env, bot.id, 100)
    const former = join(freshFolder(), 'former.key')
    renameSync(keyFile(env), former)
    const tried = await steward(env, replaceWith(former, '--dry-run', '--json'))
    expect(tried.code).toBe(0)
    expect(existsSync(keyFile(env))).toBe(false)
    const done = await steward(env, replaceWith(former, '--json'))
    expect(done).toMatchObject({ code: 0, err: '' })
    expect(counts(done)).toEqual(counts(tried))
    expect(counts(done)).toMatchObject([
      { what: 'bot secrets', sealed: 100, closed: 0 },
      { what: 'bot signing secrets', sealed: 1 },
      { what: 'second factors', sealed: 0 },
      { what: 'waiting emails', sealed: 0 },
      { what: 'stored responses', sealed: 0 },
    ])
    expect(readFileSync(keyFile(env), 'utf8')).not.toBe(readFileSync(former, 'utf8'))
    expect(done.out + done.err).not.toContain(readFileSync(former, 'utf8').trim())
    expect(await opensAll(env, bot.id)).toBe(true)
    const again = await steward(env, replaceWith(former, '--json'))
    expect([again.code, jsonOf(again)]).toEqual([0, { replaced: false }])
  })

  test('refuses while a server runs; one that runs all the same writes nothing more', async () => {
    const env = await owned(engine)
    const former = join(freshFolder(), 'former.key')
    const server = await serveIn(env)
    renameSync(keyFile(env), former)
    for (const args of [replaceWith(former), ['key', 'replace', '--former-is-lost']]) {
      const refused = await steward(env, args)
      expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Steward is running on this database') })
    }
    expect(existsSync(keyFile(env))).toBe(false)
    expect((await steward(env, replaceWith(former, '--while-in-use'))).code).toBe(0)
    const signUp = await fetch(`${server.url}/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify({ email, password: 'correct horse battery' }),
    })
    expect(signUp.status).toBeGreaterThanOrEqual(500)
    expect(server.err()).toContain('The secret key was replaced while this process was running')
  }, 120_000)

  test('is all or nothing when it is killed on its way', async () => {
    const env = await owned(engine)
    const { bot } = await botWithCode(env)
    await addSecrets(env, bot.id, 2000)
    const former = join(freshFolder(), 'former.key')
    renameSync(keyFile(env), former)
    const underFormer = { ...env, STEWARD_SECRET_KEY: readFileSync(former, 'utf8').trim() }
    const outcomes = new Set<string>()
    for (const wait of [0, 300]) {
      const child = start('cli.ts', replaceWith(former, '--while-in-use'), env)
      for (let i = 0; i < 600 && child.process.exitCode === null && !existsSync(keyFile(env)); i++) await sleep(5)
      await sleep(wait)
      child.process.kill('SIGKILL')
      await child.exit
      const now = await isUnder(env, underFormer, bot.id)
      outcomes.add(now)
      if (now === 'next') break
    }
    expect(outcomes).toContain('former')
    expect((await steward(env, replaceWith(former, '--while-in-use'))).code).toBe(0)
    expect(await isUnder(env, underFormer, bot.id)).toBe('next')
  }, 120_000)
})

/** Which of the two keys opens everything; the database opens with exactly one of them. */
async function isUnder(next: Env, former: Env, botId: string): Promise<'former' | 'next'> {
  const answers = await Promise.allSettled([opensAll(former, botId), opensAll(next, botId)])
  const open = answers.map((one) => one.status === 'fulfilled' && one.value)
  expect(open.filter(Boolean)).toHaveLength(1)
  return open[0] ? 'former' : 'next'
}

test('key replace: a backup of before restores with the key of its time', async () => {
  const env = await owned()
  const { bot } = await botWithCode(env)
  await addSecrets(env, bot.id, 100)
  const backup = join(freshFolder(), 'backup')
  expect((await steward(env, ['backup', backup])).code).toBe(0)
  const former = join(freshFolder(), 'former.key')
  renameSync(keyFile(env), former)
  expect((await steward(env, replaceWith(former))).code).toBe(0)
  const restored = { ...env, STEWARD_DATA: join(freshFolder(), 'restored') }
  expect((await steward(restored, ['restore', backup])).out).toContain('There is no key file')
  writeFileSync(keyFile(restored), readFileSync(keyFile(env)))
  await expect(opensAll(restored, bot.id)).rejects.toThrow('does not match')
  writeFileSync(keyFile(restored), readFileSync(former))
  expect(await opensAll(restored, bot.id)).toBe(true)
})

test('key replace: takes the new key from the environment, and the former from standard input', async () => {
  const env = { ...(await owned()), STEWARD_SECRET_KEY: Buffer.alloc(32, 'x').toString('base64') }
  // The owner was made with the key file; from now on the key is set in the environment.
  const first = readFileSync(keyFile(env), 'utf8').trim()
  const { bot } = await botWithCode({ ...env, STEWARD_SECRET_KEY: first })
  await addSecrets({ ...env, STEWARD_SECRET_KEY: first }, bot.id, 100)
  const wrong = await steward(env, replaceWith('-'), 'ab'.repeat(32))
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('does not match this database') })
  const none = await steward(env, replaceWith('-'), 'secret of mine')
  expect(none).toMatchObject({ code: 2, err: expect.not.stringContaining('secret of mine') })
  expect(none.err).toContain('There is no key in standard input')
  const same = await steward({ ...env, STEWARD_SECRET_KEY: first }, replaceWith('-'), first)
  expect(same).toMatchObject({ code: 2, err: expect.stringContaining('is the one already in use') })
  const done = await steward(env, replaceWith('-'), Buffer.from(first, 'hex').toString('base64'))
  expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/^bot secrets: 100 re-encrypted$/m) })
  expect(await opensAll(env, bot.id)).toBe(true)
  await expect(opensAll({ ...env, STEWARD_SECRET_KEY: first }, bot.id)).rejects.toThrow('does not match')
})

test('key replace: what does not belong together is wrong usage', async () => {
  const env = await owned()
  for (const args of [
    [],
    ['--dry-run'],
    ['--leave-closed', '--former-is-lost'],
    ['--former', 'f', '--former-is-lost'],
  ]) {
    const refused = await steward(env, ['key', 'replace', ...args])
    expect([args, refused.code]).toEqual([args, 2])
  }
  expect((await steward(env, replaceWith(join(freshFolder(), 'none')))).err).toContain('does not exist')
})

test('key replace: leaves what the former key does not open when told to', async () => {
  const env = await owned()
  const { bot } = await botWithCode(env)
  await inStores(env, ({ main }) =>
    main.write((tx) => tx.insertInto('bot_secret').values({ bot_id: bot.id, name: 'A', sealed: 'v1.AAAA' }).execute()),
  )
  const former = join(freshFolder(), 'former.key')
  renameSync(keyFile(env), former)
  const refused = await steward(env, replaceWith(former))
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('1 cannot be decrypted with the former key') })
  const tried = await steward(env, replaceWith(former, '--dry-run'))
  expect(tried).toMatchObject({ code: 1, out: expect.stringContaining('Nothing was changed.') })
  const done = await steward(env, replaceWith(former, '--leave-closed'))
  expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/^bot secrets: 0 re-encrypted, 1 /m) })
})

test('key replace says every second how far it is', () => {
  let now = 5000
  const said: string[] = []
  const tell = sayProgress({ now: () => now }, (line) => said.push(line))
  for (let done = 1; done <= 5; done++) {
    tell({ what: 'bot secrets', done, total: 9 })
    now += 500
  }
  now -= 1
  tell({ what: 'bot secrets', done: 6, total: 9 })
  expect(said).toEqual(['bot secrets: 3 of 9 …', 'bot secrets: 5 of 9 …'])
})
