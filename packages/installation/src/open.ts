import {
  createAppContext,
  hasPeople,
  silentLog,
  systemClock,
  takeInstallation,
  takeSigningKey,
  type AppContext,
  type AppContextOptions,
  type Log,
} from '@steward/api/server'
import {
  isInUse as areStoresInUse,
  mainSchema,
  migrate,
  openStores,
  type MigrateResult,
  type MigrationProgress,
  type OpenOptions as StoreOptions,
  type Stores,
} from '@steward/db'
import { join } from 'node:path'
import { lacksDatabase, refuseEmptiedDatabase, refuseLostDatabase } from './data-folder.ts'
import { asFault, InstallationFault } from './installation-fault.ts'
import { takeSecret, type Secret } from './key.ts'
import { pairFolder } from './pair-folder.ts'
import { backupFolderName, blobFolderOf, isEmbedded, type Place } from './place.ts'

/**
 * Opens the databases of a place; makes embedded ones, unless one was there before. They may still lack their tables: see
 * `migrateDatabases`.
 * @throws InstallationFault for one that is lost or damaged: nothing is made in its place, and it is not changed.
 * @throws what `openStores` throws.
 */
export async function openDatabases(place: Place, log: Log): Promise<Stores> {
  const onIdleError = (error: Error): void =>
    log.warn({ err: error }, 'A database connection was lost and will be replaced.')
  let stores: Stores | undefined
  try {
    if (isEmbedded(place)) refuseLostDatabase(place)
    stores = await openStores({ ...storesAt(place), onIdleError })
    await refuseEmptiedDatabase(place, stores)
    return stores
  } catch (cause) {
    await stores?.close()
    throw asFault(place, cause)
  }
}

/** Brings both stores to this version's schema, embedded ones with a copy before. @throws what `migrate` throws. */
export function migrateDatabases(
  place: Place,
  stores: Stores,
  onProgress: (progress: MigrationProgress) => void = () => {},
): Promise<MigrateResult> {
  const copies = isEmbedded(place) && { backupFolder: join(place.dataFolder, backupFolderName) }
  return migrate(stores, { now: () => new Date(systemClock.now()), ...copies, onProgress })
}

/** Whether a process has the databases open, this one too. @throws the server's error when it does not answer. */
export const isInUse = (place: Place): Promise<boolean> => areStoresInUse(storesAt(place))

const storesAt = ({ databaseUrl, dataFolder }: Place): StoreOptions =>
  databaseUrl === null ? { folder: dataFolder } : { url: databaseUrl }

/** What the program around adds to an app: its settings, log, mailer and so on. */
export type AppParts = Omit<AppContextOptions, 'stores' | 'secret' | 'blobFolder'>

/** The app over open databases; nothing is migrated or claimed, so that also a look which must change nothing can have it. */
export function appOver(place: Place, { stores, secret }: { stores: Stores; secret: Uint8Array }, parts: AppParts) {
  const blobFolder = blobFolderOf(place)
  return createAppContext({ ...parts, stores, secret, ...(blobFolder !== undefined && { blobFolder }) })
}

export interface OpenOptions {
  onProgress?: (progress: MigrationProgress) => void
  /** Lets the caller look at every use of the stores. */
  wrap?: (stores: Stores) => Stores
  /** Refuses a place where no Steward has been yet, instead of making a new installation there. */
  existing?: boolean
  /** Goes on although the blobs that the database names are gone. */
  acceptLoss?: boolean
  /** Takes any key, and a new one where there is none, although the database was used with another. */
  anyKey?: boolean
  /** This key instead of the place's. */
  secret?: Secret
}

export interface OpenInstallation {
  app: AppContext
  stores: Stores
  secret: Secret
  /** Closes the databases; embedded ones with all that their logs hold. */
  readonly close: () => Promise<void>
}

/**
 * Opens, migrates and attaches everything a process needs to work on the data; nothing listens and no job runs.
 * @throws InstallationFault for a database that is lost or damaged, for a key that is missing or damaged, and for key, blobs or
 *   folder that are not those of this database. Nothing is left open then.
 * @throws what `openStores` and `migrate` throw.
 */
export async function openInstallation(
  place: Place,
  parts: AppParts,
  options: OpenOptions = {},
): Promise<OpenInstallation> {
  if (options.existing) requireDatabase(place)
  const stores = await openDatabases(place, parts.log ?? silentLog)
  try {
    if (options.existing && (await mainSchema(stores)).applied.length === 0) throw noDatabase(place)
    await migrateDatabases(place, stores, options.onProgress)
    const secret = options.secret ?? takeSecret(place, options.anyKey === true || !(await hasPeople(stores)))
    const app = await appOver(place, { stores: options.wrap?.(stores) ?? stores, secret: secret.bytes }, parts)
    if (!options.anyKey) await settle(place, app, options)
    return { app, stores, secret, close: () => stores.close() }
  } catch (cause) {
    await stores.close()
    throw asFault(place, cause)
  }
}

/** Whether key, blobs and data folder are those of this database. */
async function settle(place: Place, app: AppContext, { acceptLoss = false }: OpenOptions): Promise<void> {
  await takeSigningKey(app)
  const id = await takeInstallation(app, { acceptLoss })
  if (!isEmbedded(place)) await pairFolder(place, id)
}

/** A mistyped folder must not make a new installation that then looks sound. @throws InstallationFault */
export function requireDatabase(place: Place): void {
  if (!isEmbedded(place) || !lacksDatabase(place.dataFolder)) return
  refuseLostDatabase(place)
  throw noDatabase(place)
}

function noDatabase(place: Place): InstallationFault {
  const where = isEmbedded(place) ? `in ${place.dataFolder}` : 'in the database'
  return new InstallationFault('none', place, `There is no Steward installation ${where}.`)
}
