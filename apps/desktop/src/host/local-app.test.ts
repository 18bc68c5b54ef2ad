import { silentLog } from '@steward/api/server'
import { openStores } from '@steward/db'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { bringBack } from './restore.ts'
import { openApp, refusalOf } from './local-app.ts'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-host-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const open = (folder: string, onKeyReplaced = () => {}) =>
  openApp({ folder, log: silentLog, onProgress: () => {}, acceptLoss: false, onKeyReplaced })
const ownerOf = (folder: string): string => readFileSync(join(folder, 'blobs', 'installation'), 'utf8')

/** Data with a bot whose code is stored; and a backup of it. */
async function used(): Promise<{ folder: string; backup: string }> {
  const [folder, backup] = [newFolder(), join(newFolder(), 'backup')]
  const app = await open(folder)
  const call = async (path: string, input: object) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(input) }
    const response = await app.handle(new Request(`http://steward.invalid/trpc/${path}`, init))
    return (await response.json()) as { result: { data: { id?: string } } }
  }
  const made = await call('workspace.create', { name: 'W' })
  const created = await call('bot.create', { workspaceId: made.result.data.id, name: 'b', code: 'run()' })
  expect(created).toHaveProperty('result')
  await app.backUp(backup)
  await app.close()
  return { folder, backup }
}

test('a backup of another installation brings its bodies’ name with it, and opens', async () => {
  const [one, other] = [await used(), await used()]
  expect(ownerOf(one.folder)).not.toBe(ownerOf(other.folder))
  await bringBack(one.folder, other.backup, () => new Date())
  expect(ownerOf(one.folder)).toBe(ownerOf(other.folder))
  await (await open(one.folder)).close()
})

test('a copy of the database alone opens where the bodies are that it names', async () => {
  const { folder, backup } = await used()
  mkdirSync(join(folder, 'backups'), { recursive: true })
  const copy = join(folder, 'backups', 'main-before-migration-2026.db')
  cpSync(join(backup, 'steward.db'), copy)
  await bringBack(folder, copy, () => new Date())
  await (await open(folder)).close()
  const stores = await openStores({ folder })
  const [installation] = await stores.main.reader.selectFrom('installation').select('id').execute()
  await stores.close()
  expect(ownerOf(folder).trim()).toBe(installation?.id)
})

test('the database of another installation beside these bodies is refused, and nothing is taken from them', async () => {
  const [one, other] = [await used(), await used()]
  const before = readdirSync(join(one.folder, 'blobs'), { recursive: true }).length
  for (const name of ['steward.db', 'telemetry.db', 'secret.key'])
    cpSync(join(other.folder, name), join(one.folder, name))
  const refused: unknown = await open(one.folder).catch((cause: unknown) => cause)
  expect(refusalOf(refused)).toMatchObject({
    kind: 'other',
    message: expect.stringContaining('a different installation') as string,
  })
  expect(readdirSync(join(one.folder, 'blobs'), { recursive: true })).toHaveLength(before)
})

test('a key that is gone, damaged or another one is told in words, and none is made in its place', async () => {
  const { folder } = await used()
  const file = join(folder, 'secret.key')
  const told = async () => refusalOf(await open(folder).catch((cause: unknown) => cause))
  writeFileSync(file, 'ee'.repeat(32))
  expect(await told()).toEqual({ kind: 'key', message: expect.stringContaining('does not match this data') as string })
  writeFileSync(file, 'short')
  expect(await told()).toEqual({ kind: 'key', message: `The key file ${file} is damaged. Put your copy back.` })
  rmSync(file)
  expect(await told()).toEqual({ kind: 'key', message: expect.stringContaining(`${file} is missing`) as string })
  expect(readdirSync(folder)).not.toContain('secret.key')
})

test('a backup leaves out a damaged body and counts it; one with a damaged key changes nothing when it is restored', async () => {
  const { folder, backup } = await used()
  const [body = ''] = readdirSync(join(folder, 'blobs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /[0-9a-f]{64}$/.test(name),
  )
  writeFileSync(join(folder, 'blobs', body), 'other')
  const app = await open(folder)
  const target = join(newFolder(), 'backup')
  expect(await app.backUp(target)).toMatchObject({ bodies: 0, missing: [body.slice(-64)] })
  await app.close()
  writeFileSync(join(backup, 'secret.key'), 'short')
  await expect(bringBack(folder, backup, () => new Date())).rejects.toThrow('secret.key is damaged')
  expect(readdirSync(folder).filter((name) => name.startsWith('before-restore-'))).toEqual([])
  expect((await bringBack(folder, target, () => new Date())).missing).toEqual([body.slice(-64)])
})

test('a backup among the bodies, or beside something else, is refused in words; a killed one is in nobody’s way', async () => {
  const { folder, backup } = await used()
  const app = await open(folder)
  await expect(app.backUp(join(folder, 'blobs', 'mine'))).rejects.toThrow(/blobs.mine is in a folder that is/)
  await expect(app.backUp(backup)).rejects.toThrow(`${backup} is not empty. Choose a new folder for the backup.`)
  const killed = newFolder()
  mkdirSync(join(killed, '.partial'))
  writeFileSync(join(killed, '.partial', 'steward.db'), 'half')
  expect(await app.backUp(killed)).toMatchObject({ bodies: 1 })
  await app.close()
  expect(readdirSync(killed).toSorted()).toEqual(['blobs', 'secret.key', 'steward.db', 'telemetry.db'])
})

test('a disk that is full or fails is told in words', () => {
  const coded = (code: string): Error => Object.assign(new Error('disk I/O error'), { code })
  expect(refusalOf(coded('SQLITE_IOERR_SHMSIZE')).message).toBe('The disk is full. Free up space, then try again.')
  expect(refusalOf(coded('SQLITE_IOERR_READ')).message).toMatch(/^The disk cannot be read or written\./)
})
