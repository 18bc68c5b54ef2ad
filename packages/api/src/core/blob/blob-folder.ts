import type { Stats } from 'node:fs'
import { link, mkdir, open, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sliceBytes, type BlobInfo } from './blob.ts'
import type { CollectableBlobs } from './blob-grace.ts'
import { asideKept, blobGrace } from './blob-grace.ts'
import { DamagedBlob, encodeText, hashBytes, isHash, verified } from './blob-bytes.ts'
import type { Clock } from '../clock.ts'

/** Holds the id of the installation whose bodies these are. */
export const installationFileName = 'installation'
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
      const place = { folder, hash, clock }
      return { hash, size: bytes.length, made: (await renew(place)) ? null : await store(place, bytes) }
    },
    takeBack: ({ hash, made }) => takeBack({ folder, hash, clock }, made),
    async open(hash) {
      if (!isHash(hash)) return null
      const file = fileOf(folder, hash)
      const look = () => unlessMissing(stat(file))
      const found = (await look()) ?? ((await bringBack({ folder, hash, clock })) ? await look() : null)
      return found && { hash, size: found.size, slices: () => verified(hash, slicesOf(file)) }
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
    async *all() {
      for await (const { hash, size } of files(folder)) yield { hash, size }
    },
    async *collectable() {
      for await (const { hash, mtimeMs } of files(folder)) if (clock.now() - mtimeMs >= blobGrace) yield hash
    },
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

/** Tells one writing of a file from every other, and from itself once it was renewed. */
const stampOf = ({ ino, mtimeMs }: Stats): string => `${ino}:${mtimeMs}`

/** Starts the grace of a sound body anew, with a time that it did not have before; false when there is none. */
async function renew({ folder, hash, clock }: Place): Promise<boolean> {
  const file = fileOf(folder, hash)
  const bytes = await unlessMissing(readFile(file))
  if (!bytes || (await hashBytes(bytes)) !== hash) return false
  const found = await unlessMissing(stat(file))
  if (!found) return false
  const now = Math.max(clock.now(), Math.floor(found.mtimeMs) + 1) / 1000
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

/** @returns what `takeBack` knows it by; null when it was not this call that put it in its place. */
async function store(place: Place, bytes: Uint8Array): Promise<string | null> {
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
    const made = stampOf(await stat(draft))
    const isNew = await settle(place, draft)
    await syncFoldersOf(folder, hash)
    return isNew ? made : null
  } finally {
    await rm(draft, { force: true })
  }
}

/**
 * Gives the draft its place, unless somebody else has put the same there: that stays, renewed. What is there and not
 * sound is replaced, and so is whatever is there where files cannot have two names.
 * @returns whether the place was empty.
 */
async function settle(place: Place, draft: string): Promise<boolean> {
  const file = fileOf(place.folder, place.hash)
  for (let attempt = 1; attempt < 4; attempt++) {
    try {
      await link(draft, file)
      return true
    } catch (cause) {
      if (codeOf(cause) !== 'EEXIST') break
      if (await renew(place)) return false
    }
  }
  await rename(draft, file)
  return false
}

/** Takes the file away first: what another `put` renewed or wrote meanwhile goes back. */
async function takeBack(place: Place, made: string | null): Promise<void> {
  const file = fileOf(place.folder, place.hash)
  const found = made === null ? null : await unlessMissing(stat(file))
  if (!found || stampOf(found) !== made) return
  const taken = workFile(place, 'remove')
  if (!(await unlessMissing(rename(file, taken).then(() => true)))) return
  if (stampOf(await stat(taken)) === made) await rm(taken, { force: true })
  else await rename(taken, file)
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

async function* files(folder: string): AsyncGenerator<BlobInfo & { mtimeMs: number }> {
  for (const first of await readdir(folder)) {
    if (first.length !== 2) continue
    for (const second of await readdir(join(folder, first)))
      for (const hash of await readdir(join(folder, first, second))) {
        const found = isHash(hash) ? await unlessMissing(stat(fileOf(folder, hash))) : null
        if (found) yield { hash, size: found.size, mtimeMs: found.mtimeMs }
      }
  }
}

/** The file is open while it is read only: a reader that never begins holds nothing. */
async function* slicesOf(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r')
  try {
    for (;;) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(sliceBytes), 0, sliceBytes, null)
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
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
