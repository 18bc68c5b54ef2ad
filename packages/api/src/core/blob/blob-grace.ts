import type { BlobInfo, BlobStore } from './blob.ts'
import { day, hour } from '../clock.ts'

/** Milliseconds for which a body stays although no row names it: the write that will name it may be on its way. */
export const blobGrace = hour
/** Milliseconds for which a body that was set aside can still be had back. */
export const asideKept = 7 * day

/**
 * A blob store whose garbage can be collected. Putting a body starts its grace anew, and `setAside` leaves a body alone
 * while its grace lasts. So this is safe: find that no row names a hash, then set it aside. A write that names a body
 * must follow its `put` within the grace, or name what another row names in the same transaction.
 *
 * What is set aside is out of use, and deleted only after `asideKept`. `get` brings it back: it is asked for what a row
 * names, and then it was no garbage.
 */
export interface CollectableBlobs extends BlobStore {
  /** Milliseconds since the body was last put; null when there is none. Ask again later if less than `blobGrace`. */
  age(hash: string): Promise<number | null>
  /** All bodies that are not set aside. */
  all(): AsyncGenerator<BlobInfo>
  /** The hashes of all bodies whose grace is over, named by a row or not: also those that a refused write left. */
  collectable(): AsyncGenerator<string>
  setAside(hash: string): Promise<void>
  /** The hashes of bodies that were set aside at least `asideKept` ago. */
  expired(): AsyncGenerator<string>
  /** Deletes a body for good, if it was set aside at least `asideKept` ago. */
  discard(hash: string): Promise<void>
  /** Puts what was set aside back in its place, in its grace. @returns whether there was any. */
  bringBack(hash: string): Promise<boolean>
  /** Clears away what crashes of other processes left unfinished. For a job that runs every hour or so. */
  sweep(): Promise<void>
  /** The id of the installation these bodies belong to; null when no one has claimed them. */
  owner(): Promise<string | null>
  /** Says whose they are from now on. */
  claim(installationId: string): Promise<void>
}
