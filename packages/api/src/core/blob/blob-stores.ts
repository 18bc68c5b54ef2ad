import type { Stores } from '@steward/db'
import { databaseBlobs } from './blob-database.ts'
import { folderBlobs } from './blob-folder.ts'
import type { CollectableBlobs } from './blob-grace.ts'
import type { Clock } from '../clock.ts'

/** Bodies in files where a folder is given (embedded), else in the database that the servers share. */
export async function createBlobs(
  stores: Stores,
  options: { clock: Clock; folder?: string | undefined },
): Promise<CollectableBlobs> {
  return options.folder === undefined
    ? databaseBlobs(stores.main, options.clock)
    : folderBlobs(options.folder, options.clock)
}
