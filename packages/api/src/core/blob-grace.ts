import type { BlobStore } from './blob.ts'
import { hour } from './clock.ts'

/** Milliseconds for which a body stays although no row names it: the write that will name it may be on its way. */
export const blobGrace = hour

/**
 * A blob store whose garbage can be collected. Putting a body starts its grace anew, and `remove` leaves a body alone
 * while its grace lasts. So this is safe: find that no row names a hash, then remove it. A write that names a body
 * must follow its `put` within the grace, or name what another row names in the same transaction.
 */
export interface CollectableBlobs extends BlobStore {
  /** Milliseconds since the body was last put; null when there is none. Ask again later if less than `blobGrace`. */
  age(hash: string): Promise<number | null>
  /** The hashes of all bodies whose grace is over, named by a row or not: also those that a refused write left. */
  collectable(): AsyncGenerator<string>
  /** Clears away what crashes of other processes left unfinished. For a job that runs every hour or so. */
  sweep(): Promise<void>
}
