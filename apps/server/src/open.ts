import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { mainSchema, migrate, openStores, type MigrateResult, type MigrationProgress, type Stores } from '@steward/db'
import {
  backupFolderName,
  blobFolderName,
  createAppContext,
  lacksDatabase,
  refuseEmptiedDatabase,
  refuseLostDatabase,
  systemClock,
  takeInstallation,
  takeSigningKey,
  type AppContext,
  type Log,
} from '@steward/api/server'
import type { Config } from './config.ts'
import { exitCode, CliError } from './exit.ts'
import { pairFolder, toldWhy } from './belonging.ts'
import { takeSecret, type Secret } from './secret-key.ts'
import { createSmtpMailer, type MailOutcome } from './mail/smtp.ts'

/**
 * Opens the databases that the settings name; makes embedded ones, unless one was there before. They may still lack their
 * tables: see `migrateStores`.
 * @throws CliError for one that is lost or damaged: nothing is made in its place, and it is not changed.
 */
export async function openDatabases(config: Config, log: Log): Promise<Stores> {
  const { databaseUrl, dataFolder } = config
  const onIdleError = (error: Error): void =>
    log.warn({ err: error }, 'A connection to the database broke; it is replaced.')
  let stores: Stores | undefined
  try {
    if (databaseUrl === null) refuseLostDatabase(dataFolder)
    stores = await openStores(databaseUrl === null ? { folder: dataFolder } : { url: databaseUrl, onIdleError })
    await refuseEmptiedDatabase(dataFolder, stores)
    return stores
  } catch (cause) {
    await stores?.close()
    throw toldWhy(config, cause)
  }
}

/** Brings both stores to this version's schema, embedded ones with a copy before. */
export function migrateStores(
  config: Config,
  stores: Stores,
  onProgress: (progress: MigrationProgress) => void = () => {},
): Promise<MigrateResult> {
  const backupFolder = join(config.dataFolder, backupFolderName)
  return migrate(stores, { now: () => new Date(systemClock.now()), backupFolder, onProgress })
}

export interface OpenApp {
  app: AppContext
  stores: Stores
  secret: Secret
  close(): Promise<void>
}

export interface OpenOptions {
  /** The address the app tells people, where STEWARD_PUBLIC_URL does not. */
  publicUrl?: string
  onProgress?: (progress: MigrationProgress) => void
  /** Lets the caller look at every use of the stores. */
  wrap?: (stores: Stores) => Stores
  /** Told of each try to send a mail. */
  mailed?: (outcome: MailOutcome) => void
  /** Refuses a place where no Steward has been yet, instead of making a new installation there. */
  existing?: boolean
  /** Goes on although the blobs that the database names are gone. */
  acceptLoss?: boolean
  /** Takes any key, and a new one where there is none, although the database was used with another. */
  anyKey?: boolean
  /** This key instead of the one that is set. */
  secret?: Secret
}

/**
 * Opens, migrates and attaches everything a process needs to work on the data; nothing listens and no job runs.
 * @throws CliError for a database that is lost or damaged, for a key that is missing or damaged, and for key, blobs or folder that
 *   are not those of this database; what `openStores` and `migrate` throw.
 */
export async function openApp(config: Config, log: Log, options: OpenOptions = {}): Promise<OpenApp> {
  if (options.existing) requireDatabase(config)
  const stores = await openDatabases(config, log)
  try {
    if (options.existing && (await mainSchema(stores)).applied.length === 0) throw noDatabase(config)
    await migrateStores(config, stores, options.onProgress)
    const someone = await stores.main.reader.selectFrom('user').select('id').limit(1).executeTakeFirst()
    const secret = options.secret ?? takeSecret(config, options.anyKey === true || someone === undefined)
    const parts = { log, secret, stores: options.wrap?.(stores) ?? stores, mailed: options.mailed }
    const app = await makeApp(config, parts, options.publicUrl)
    if (!options.anyKey) await settle(config, app, options)
    return { app, stores, secret, close: () => stores.close() }
  } catch (cause) {
    await stores.close()
    throw toldWhy(config, cause)
  }
}

/** Whether key, blobs and data folder are those of this database. */
async function settle(config: Config, app: AppContext, { acceptLoss = false }: OpenOptions): Promise<void> {
  await takeSigningKey(app)
  const id = await takeInstallation(app, { acceptLoss })
  if (config.databaseUrl !== null) await pairFolder(config, id)
}

/** A mistyped STEWARD_DATA must not make a new installation that then looks sound. @throws CliError */
export function requireDatabase(config: Config): void {
  if (config.databaseUrl !== null || !lacksDatabase(config.dataFolder)) return
  try {
    refuseLostDatabase(config.dataFolder)
  } catch (cause) {
    throw toldWhy(config, cause)
  }
  throw noDatabase(config)
}

function noDatabase({ databaseUrl, dataFolder }: Config): CliError {
  return new CliError(
    exitCode.usage,
    databaseUrl === null
      ? `There is no Steward database in ${dataFolder}. Set STEWARD_DATA to the right folder, or start Steward there once.`
      : 'There is no Steward in the database that STEWARD_DATABASE_URL names. Correct it, or start Steward there once.',
  )
}

/** The app over open stores, without migrating them: for checks that must not change anything. */
export function makeApp(
  config: Config,
  parts: { log: Log; secret: Secret; stores: Stores; mailed?: OpenOptions['mailed'] },
  publicUrl = addressOf(config.host, config.port),
): Promise<AppContext> {
  const { stores, secret, log, mailed } = parts
  return createAppContext({
    stores,
    secret: secret.bytes,
    log,
    settings: {
      publicUrl: config.publicUrl ?? publicUrl,
      publicUrlIsGuess: config.publicUrl === null,
      signUp: config.signUp,
      secondFactorRequired: config.secondFactorRequired,
    },
    signIn: { providers: config.oidc },
    ...(config.mail && { mailer: createSmtpMailer(config.mail, { ...(mailed && { observe: mailed }) }) }),
    ...(stores.engine === 'sqlite' ? { blobFolder: join(config.dataFolder, blobFolderName) } : {}),
  })
}

/** Whether this host stands for every address of the machine. */
export const isAnyAddress = (host: string): boolean => /^(0\.0\.0\.0|::|\[::\])$/.test(host)

/** The address to reach a listening host under; "any address" is reached from elsewhere by one of the network's. */
export function addressOf(host: string, port: number, interfaces = networkInterfaces()): string {
  const name = isAnyAddress(host) ? addressInNetwork(interfaces) : host
  return `http://${name.includes(':') && !name.startsWith('[') ? `[${name}]` : name}:${port}`
}

/** The first address that is not this machine's alone, IPv4 before IPv6; without a network, the machine's own. */
function addressInNetwork(interfaces: ReturnType<typeof networkInterfaces>): string {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? [])
  // fe80:: needs a zone, which browsers do not take.
  const others = all.filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
  return (others.find(({ family }) => family === 'IPv4') ?? others[0])?.address ?? '127.0.0.1'
}
