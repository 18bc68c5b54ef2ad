import { type BlobStore, DamagedBlob, folderBlobs, isHash, systemClock } from '@steward/api/server'
import { blobNames, type Stores } from '@steward/db'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** Hashes of all bodies that rows name, sorted. */
export async function namedBlobs({ main }: Stores): Promise<string[]> {
  const named: string[] = []
  for await (const hash of (await blobNames(main)).all()) named.push(hash)
  return named
}

/** Those of them that are not there, or no longer what their name says. `sound`: what need not be looked at. */
export async function missingBlobs(
  stores: Stores,
  blobs: Pick<BlobStore, 'get'>,
  sound: ReadonlySet<string> = new Set(),
): Promise<string[]> {
  const missing: string[] = []
  for (const hash of await namedBlobs(stores)) if (!sound.has(hash) && !(await isSound(blobs, hash))) missing.push(hash)
  return missing
}

async function isSound(blobs: Pick<BlobStore, 'get'>, name: string): Promise<boolean> {
  try {
    return (await blobs.get(name)) !== null
  } catch (error) {
    if (error instanceof DamagedBlob) return false
    throw error
  }
}

/**
 * Copies bodies, each held against its hash and synced to disk; a damaged one stays where it is. `copied` are those
 * that are in place, and grows.
 */
export async function copyBlobs(from: string, to: string, copied: Set<string>): Promise<void> {
  if (!existsSync(from)) return
  const target = await folderBlobs(to, systemClock)
  for (const path of await readdir(from, { recursive: true })) {
    const name = basename(path)
    if (!isHash(name) || copied.has(name)) continue
    const bytes = await readFile(join(from, path)).catch((error: unknown) => {
      // Collected since the folder was listed: the database names it no more.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    })
    if (bytes === null || createHash('sha256').update(bytes).digest('hex') !== name) continue
    await target.put(bytes)
    copied.add(name)
  }
}
