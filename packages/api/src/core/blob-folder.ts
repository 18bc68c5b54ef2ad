import { mkdir, open, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CollectableBlobs } from './blob-grace.ts'
import { asideKept, blobGrace } from './blob-grace.ts'
import { DamagedBlob, encodeText, hashBytes, isHash } from './blob-bytes.ts'
import type { Clock } from './clock.ts'
import { installationFileName } from './data-folder.ts'

/** Files that are being written or taken away; beside the bodies, so that renaming stays within one file system. */
const workshop = 'unfinished'
/** Bodies that no row names, since the time of their file. */
const aside = 'set-aside'

/**
 * Bodies as files: `<folder>/<first two digits>/<next two>/<hash>`, readable by the owner alone. A body is written
 * under another name, synced, read back and only then renamed, so a file under its hash is always whole. What a
 * crash left unfinished is cleared away here. What is collected lies in `set-aside` for a time.
 */
export async function folderBlobs(folder: string, clock: Clock): Promise<CollectableBlobs> {
  for (const name of [workshop, aside]) await mkdir(join(folder, name), { recursive: true, mode: 0o700 })
  // Nothing of ours is under way yet: what bears our number is of an earlier process.
  await clearWorkshop(folder, (pid) => pid !== process.pid && isAlive(pid))
  return {
    async put(body) {
      const bytes = typeof body === 'string' ? await encodeText(body) : body
      const hash = await hashBytes(bytes)
      if (!(await renew({ folder, hash, clock }))) await store({ folder, hash, clock }, bytes)
      return { hash, size: bytes.length }
    },
    async get(hash) {
      if (!isHash(hash)) return null
      const read = () => unlessMissing(readFile(fileOf(folder, hash)))
      const bytes = (await read()) ?? ((await bringBack({ folder, hash, clock })) ? await read() : null)
      if (bytes && (await hashBytes(bytes)) !== hash) throw new DamagedBlob(hash)
      return bytes
    },
    has: async (hash) => isHash(hash) && (await unlessMissing(stat(fileOf(folder, hash)))) !== null,
    async age(hash) {
      const found = isHash(hash) ? await unlessMissing(stat(fileOf(folder, hash))) : null
      return found && clock.now() - found.mtimeMs
    },
    collectable: () => collectable(folder, clock),
    async setAside(hash) {
      if (isHash(hash)) await setAside({ folder, hash, clock })
    },
    expired: () => expired(folder, clock),
    async discard(hash) {
      if (await isExpired({ folder, hash, clock })) await rm(asideOf(folder, hash), { force: true })
    },
    bringBack: async (hash) => isHash(hash) && bringBack({ folder, hash, clock }),
    sweep: () => clearWorkshop(folder, isAlive),
    owner: async () => (await unlessMissing(readFile(join(folder, installationFileName), 'utf8')))?.trim() ?? null,
    claim: (installationId) => writeDurably(join(folder, installationFileName), `${installationId}\n`),
  }
}

interface Place {
  folder: string
  hash: string
  clock: Clock
}

let unfinished = 0

/** The process in the name tells the living from the dead. */
function workFile({ folder, hash }: Place, kind: 'put' | 'remove'): string {
  unfinished += 1
  return join(folder, workshop, `${hash}.${kind}.${process.pid}.${unfinished}`)
}

function fileOf(folder: string, hash: string): string {
  return join(folder, hash.slice(0, 2), hash.slice(2, 4), hash)
}

/** Starts the grace of a sound body anew; false when there is none. */
async function renew({ folder, hash, clock }: Place): Promise<boolean> {
  const file = fileOf(folder, hash)
  const bytes = await unlessMissing(readFile(file))
  if (!bytes || (await hashBytes(bytes)) !== hash) return false
  const now = clock.now() / 1000
  if (!(await unlessMissing(utimes(file, now, now).then(() => true)))) return false
  // Another call may have put it there just now, and not yet made that durable.
  await syncFoldersOf(folder, hash)
  return true
}

function asideOf(folder: string, hash: string): string {
  return join(folder, aside, hash)
}

async function syncFoldersOf(folder: string, hash: string): Promise<void> {
  const first = join(folder, hash.slice(0, 2))
  for (const one of [join(first, hash.slice(2, 4)), first, folder]) await syncFolder(one)
}

async function store(place: Place, bytes: Uint8Array): Promise<void> {
  const { folder, hash, clock } = place
  const draft = workFile(place, 'put')
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(bytes)
      await handle.utimes(clock.now() / 1000, clock.now() / 1000)
      await handle.sync()
    } finally {
      await handle.close()
    }
    if ((await hashBytes(await readFile(draft))) !== hash) throw new DamagedBlob(hash)
    await mkdir(dirname(fileOf(folder, hash)), { recursive: true, mode: 0o700 })
    await rename(draft, fileOf(folder, hash))
    await syncFoldersOf(folder, hash)
  } catch (cause) {
    await rm(draft, { force: true })
    throw cause
  }
}

/** Takes the file away first: what a `put` renewed meanwhile goes back, so no body in its grace is ever out of use. */
async function setAside(place: Place): Promise<void> {
  const file = fileOf(place.folder, place.hash)
  const found = await unlessMissing(stat(file))
  if (!found || place.clock.now() - found.mtimeMs < blobGrace) return
  const taken = workFile(place, 'remove')
  if (!(await unlessMissing(rename(file, taken).then(() => true)))) return
  const { mtimeMs } = await stat(taken)
  if (place.clock.now() - mtimeMs < blobGrace) return rename(taken, file)
  await stamp(taken, place.clock)
  await rename(taken, asideOf(place.folder, place.hash))
}

/** Durably: a file whose new time is lost in a crash would seem to lie aside for long. */
async function stamp(file: string, clock: Clock): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.utimes(clock.now() / 1000, clock.now() / 1000)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function bringBack({ folder, hash, clock }: Place): Promise<boolean> {
  const from = asideOf(folder, hash)
  const now = clock.now() / 1000
  if (!(await unlessMissing(utimes(from, now, now).then(() => true)))) return false
  await mkdir(dirname(fileOf(folder, hash)), { recursive: true, mode: 0o700 })
  if (!(await unlessMissing(rename(from, fileOf(folder, hash)).then(() => true)))) return false
  await syncFoldersOf(folder, hash)
  return true
}

async function* expired(folder: string, clock: Clock): AsyncGenerator<string> {
  for (const hash of await readdir(join(folder, aside))) if (await isExpired({ folder, hash, clock })) yield hash
}

async function isExpired({ folder, hash, clock }: Place): Promise<boolean> {
  const found = isHash(hash) ? await unlessMissing(stat(asideOf(folder, hash))) : null
  return found !== null && clock.now() - found.mtimeMs >= asideKept
}

async function* collectable(folder: string, clock: Clock): AsyncGenerator<string> {
  for (const first of await readdir(folder)) {
    if (first.length !== 2) continue
    for (const second of await readdir(join(folder, first)))
      for (const hash of await readdir(join(folder, first, second))) {
        const found = isHash(hash) ? await unlessMissing(stat(fileOf(folder, hash))) : null
        if (found && clock.now() - found.mtimeMs >= blobGrace) yield hash
      }
  }
}

/** Unfinished bodies of dead processes go; what one was about to remove comes back, to be collected again. */
async function clearWorkshop(folder: string, isBusy: (pid: number) => boolean): Promise<void> {
  for (const name of await readdir(join(folder, workshop))) {
    const [hash, kind, pid] = name.split('.')
    if (hash === undefined || !isHash(hash) || isBusy(Number(pid))) continue
    const file = join(folder, workshop, name)
    if (kind === 'remove') await unlessMissing(rename(file, fileOf(folder, hash)))
    else await rm(file, { force: true })
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  unfinished += 1
  const draft = `${file}.${process.pid}.${unfinished}`
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, file)
  await syncFolder(dirname(file))
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return codeOf(cause) === 'EPERM'
  }
}

/** Makes a rename durable. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (cause) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'ENOTSUP'].includes(codeOf(cause))) throw cause
  }
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null
    throw cause
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : ''
}
