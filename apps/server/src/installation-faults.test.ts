import { checkpointMovedLanes, fileCheckpointSink, silentLog, type Log } from '@steward/api/server'
import { openStores } from '@steward/db'
import { openDatabases, requireDatabase } from '@steward/installation'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { examine } from './commands/doctor.ts'
import { readConfig } from './config.ts'
import { exitCode, explain } from './exit.ts'
import { openApp } from './open.ts'
import { freshFolder, freshInstallation, steward, type Env } from './process.testing.ts'
import { botWithCode, dataOf, inStores, owned } from './cli.testing.ts'

const key = 'ab'.repeat(32)
const configOf = (env: Env) => readConfig(env, tmpdir())

/** What the folder holds, by content; an empty log beside a database is what looking at one leaves. */
function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
  const files = names.filter((name) => !statSync(join(folder, name)).isDirectory())
  const kept = files.filter(
    (name) => !name.endsWith('-shm') && !(name.endsWith('-wal') && statSync(join(folder, name)).size === 0),
  )
  return Object.fromEntries(
    kept.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  )
}

async function messageOf(work: () => unknown): Promise<{ code: number; message: string }> {
  try {
    await work()
  } catch (cause) {
    return explain(cause)
  }
  return { code: 0, message: 'done' }
}

/** What the server and a command on what is there are told, and whether anything in the folder is changed by it. */
async function refusals(env: Env): Promise<object[]> {
  const config = configOf(env)
  const before = contentsOf(dataOf(env))
  const told: object[] = []
  for (const existing of [false, true]) {
    const answer = await messageOf(async () => (await openApp(config, silentLog, { existing })).close())
    const isChanged = JSON.stringify(contentsOf(dataOf(env))) !== JSON.stringify(before)
    told.push({ ...answer, isChanged })
  }
  return told
}

const bothSay = (words: RegExp): object[] =>
  [false, true].map(() => ({
    code: exitCode.database,
    message: expect.stringMatching(words) as string,
    isChanged: false,
  }))

const findingOf = async (env: Env, name: string) => (await examine(configOf(env))).find((one) => one.name === name)

/** With an owner, a bot and its code. */
async function used(engine: 'sqlite' | 'postgres' = 'sqlite'): Promise<Env> {
  const env = await owned(engine)
  await botWithCode(env)
  return env
}

describe('a database that is lost', () => {
  test.each([
    ['missing', (file: string) => rmSync(file)],
    ['empty', (file: string) => truncateSync(file, 0)],
  ])('%s: nothing starts, nothing is made in its place, and doctor says so', async (how, lose) => {
    const env = await used()
    const folder = dataOf(env)
    const backup = freshFolder()
    cpSync(folder, backup, { recursive: true })
    lose(join(folder, 'steward.db'))
    const words = new RegExp(
      `steward\\.db is ${how}, but .*the key secret\\.key, 1 file of bot code in blobs[^]*steward restore <folder>[^]*To start over`,
    )
    expect(await refusals(env)).toEqual(bothSay(words))
    expect((await messageOf(() => openDatabases(configOf(env), silentLog))).message).toMatch(words)
    expect((await messageOf(() => requireDatabase(configOf(env)))).message).toMatch(words)
    expect(await findingOf(env, 'database')).toMatchObject({
      status: 'fail',
      text: expect.stringContaining(`steward.db is ${how}, but`) as string,
      fix: expect.stringContaining('restore a backup') as string,
    })
    expect(existsSync(join(folder, 'steward.db'))).toBe(how === 'empty')
    // The way on that it names.
    cpSync(join(backup, 'steward.db'), join(folder, 'steward.db'))
    expect((await messageOf(async () => (await openApp(configOf(env), silentLog)).close())).message).toBe('done')
  })

  test('each thing that a database made is enough to tell that there was one', async () => {
    for (const [name, text] of [
      ['secret.key', key],
      ['steward.db-wal', 'commits'],
      [`blobs/ab/cd/${'abcd'.repeat(16)}`, 'code'],
      ['blobs/installation', 'id'],
      ['backups/main-before-migration-2026.db', 'copy'],
    ] as const) {
      const env = await freshInstallation()
      const file = join(dataOf(env), name)
      mkdirSync(join(file, '..'), { recursive: true })
      writeFileSync(file, text)
      expect(await refusals(env)).toEqual(bothSay(/steward\.db is missing, but/))
    }
  })

  test('what a new installation leaves that was ended on its way is begun again', async () => {
    const env = await freshInstallation()
    mkdirSync(join(dataOf(env), 'blobs', 'unfinished'), { recursive: true })
    writeFileSync(join(dataOf(env), 'steward.db'), '')
    expect((await messageOf(async () => (await openApp(configOf(env), silentLog)).close())).message).toBe('done')
  })

  test('eight first starts at once make one installation', async () => {
    const config = configOf(await freshInstallation())
    const opened = await Promise.all(Array.from({ length: 8 }, () => openApp(config, silentLog)))
    const ids = await Promise.all(opened.map(({ app }) => app.blobs.owner()))
    expect(new Set(ids).size).toBe(1)
    for (const one of opened) await one.close()
  })

  test('an empty Postgres database beside a folder that has known another', async () => {
    const env = await used('postgres')
    expect(existsSync(join(dataOf(env), 'installation'))).toBe(true)
    const empty: Env = { ...(await freshInstallation('postgres')), STEWARD_DATA: dataOf(env) }
    expect(await refusals(empty)).toEqual(
      bothSay(/The database has no Steward installation, but .*the key secret\.key[^]*STEWARD_DATABASE_URL/),
    )
    const stores = await openStores({ url: empty['STEWARD_DATABASE_URL'] ?? '' })
    const { rows } = await stores.main.reader.getExecutor().executeQuery({
      sql: "select 1 from pg_tables where schemaname like 'steward%'",
      parameters: [],
    } as never)
    await stores.close()
    expect(rows).toEqual([])
    expect(await findingOf(empty, 'database')).toMatchObject({ status: 'fail' })
  })
})

describe('a database of another installation', () => {
  test('with the same key: its blobs tell', async () => {
    const secret = { STEWARD_SECRET_KEY: key }
    const [one, other] = [
      { ...(await freshInstallation()), ...secret },
      { ...(await freshInstallation()), ...secret },
    ]
    for (const env of [one, other]) await (await openApp(configOf(env), silentLog)).close()
    for (const name of ['steward.db', 'telemetry.db']) cpSync(join(dataOf(other), name), join(dataOf(one), name))
    expect(await refusals(one)).toEqual(bothSay(/belongs to a different installation than the database[^]*restore a/))
    expect(await findingOf(one, 'cleanup')).toMatchObject({ status: 'fail' })
  })

  test('on Postgres its folder tells', async () => {
    const secret = { STEWARD_SECRET_KEY: key }
    const one = await used('postgres')
    const other = { ...(await freshInstallation('postgres')), ...secret }
    await (await openApp(configOf(other), silentLog)).close()
    expect(await refusals({ ...other, STEWARD_DATA: dataOf(one) })).toEqual(
      bothSay(/data folder .* belongs to a different installation/),
    )
  })
})

const nameIn = (folder: string): string => readFileSync(join(folder, 'blobs', 'installation'), 'utf8')

test('a restore over another installation brings database, code and their name together', async () => {
  const one: Env = { ...(await freshInstallation()), STEWARD_SECRET_KEY: key }
  const other: Env = { ...(await freshInstallation()), STEWARD_SECRET_KEY: key }
  for (const env of [one, other]) await (await openApp(configOf(env), silentLog)).close()
  const folder = join(freshFolder(), 'backup')
  expect(await steward(other, ['backup', folder])).toMatchObject({ code: 0 })
  expect(await steward(one, ['restore', folder, '--force'])).toMatchObject({ code: 0 })
  // Also before it is started again: what lies there must not look like another's meanwhile.
  expect(nameIn(dataOf(one))).toBe(nameIn(folder))
  const opened = await openApp(configOf(one), silentLog)
  expect(await opened.app.blobs.owner()).toBe(nameIn(folder).trim())
  await opened.close()
})

test('a damaged database is refused with the way on, and not changed', async () => {
  const env = await used()
  const file = join(dataOf(env), 'steward.db')
  const bytes = readFileSync(file)
  bytes.fill(0x5a, 4096 * 3, 4096 * 3 + 64)
  writeFileSync(file, bytes)
  expect(await refusals(env)).toEqual(
    bothSay(/steward\.db is damaged .* It was not changed\.\nStop Steward and restore a backup: steward restore/),
  )
  expect(await findingOf(env, 'database')).toMatchObject({
    status: 'fail',
    fix: expect.stringContaining('restore') as string,
  })
})

describe('code that is gone', () => {
  test('with its folder: nothing starts until it is back, or said to be lost for good', async () => {
    const env = await used()
    const [blobs, aside] = [join(dataOf(env), 'blobs'), join(freshFolder(), 'blobs')]
    renameSync(blobs, aside)
    const config = configOf(env)
    const told = await messageOf(async () => (await openApp(config, silentLog)).close())
    expect(told).toEqual({
      code: exitCode.database,
      message: expect.stringMatching(/bot code .* is missing[^]*blobs back[^]*steward blobs accept-loss/) as string,
    })
    expect(await findingOf(env, 'stored files')).toMatchObject({ status: 'fail' })
    expect(await findingOf(env, 'cleanup')).toMatchObject({ status: 'warn' })
    rmSync(blobs, { recursive: true })
    cpSync(aside, blobs, { recursive: true })
    await (await openApp(config, silentLog)).close()
    rmSync(blobs, { recursive: true })
    await (await openApp(config, silentLog, { acceptLoss: true })).close()
    const warned: string[] = []
    const log: Log = { ...silentLog, warn: (_, text) => void warned.push(text) }
    await (await openApp(config, log)).close()
    expect(warned).toEqual([expect.stringContaining('Bot code is missing')])
    expect(await findingOf(env, 'cleanup')).toMatchObject({ status: 'warn' })
  })

  test('from a Postgres database: doctor tells, and nothing is cleared away', async () => {
    const env = await used('postgres')
    expect(await findingOf(env, 'cleanup')).toMatchObject({ status: 'ok' })
    await inStores(env, ({ main }) =>
      main.write(async (tx) => {
        await tx.deleteFrom('blob_chunk').execute()
        await tx.deleteFrom('blob').execute()
      }),
    )
    expect(await findingOf(env, 'stored files')).toMatchObject({ status: 'fail' })
    expect(await findingOf(env, 'cleanup')).toMatchObject({ status: 'warn' })
  })
})

test('commits that the database lost are found by doctor where a second place knows of them', async () => {
  const place = join(freshFolder(), 'checkpoints.jsonl')
  const env = await used()
  expect(await findingOf(env, 'audit trail')).toMatchObject({
    status: 'ok',
    text: expect.stringContaining('to a second place') as string,
  })
  const known = { ...env, STEWARD_AUDIT_CHECKPOINTS: place }
  const before = freshFolder()
  cpSync(dataOf(env), before, { recursive: true })
  await botWithCode(env)
  const opened = await openApp(configOf(known), silentLog)
  await checkpointMovedLanes(opened.app, fileCheckpointSink(place))
  await opened.close()
  expect(await findingOf(known, 'audit trail')).toMatchObject({ status: 'ok' })
  // As after a damaged log: the file as it was before these commits.
  cpSync(join(before, 'steward.db'), join(dataOf(env), 'steward.db'))
  expect(await findingOf(env, 'audit trail')).toMatchObject({ status: 'ok' })
  expect(await findingOf(known, 'audit trail')).toMatchObject({
    status: 'fail',
    text: expect.stringContaining('broken') as string,
  })
})

test('a key file of fewer than 32 bytes is damaged, and not replaced', async () => {
  const env = await freshInstallation()
  await (await openApp(configOf(env), silentLog)).close()
  const file = join(dataOf(env), 'secret.key')
  for (const size of [0, 16, 24, 31]) {
    writeFileSync(file, 'ab'.repeat(size))
    const told = await messageOf(async () => (await openApp(configOf(env), silentLog)).close())
    expect(told).toEqual({ code: exitCode.usage, message: expect.stringContaining('is damaged') as string })
    expect(readFileSync(file, 'utf8')).toBe('ab'.repeat(size))
  }
})
