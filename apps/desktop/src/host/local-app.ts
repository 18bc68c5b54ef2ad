import {
  backupFolderName,
  blobFolderName,
  BlobsMismatch,
  createApi,
  createAppContext,
  createOwner,
  LostDatabase,
  refuseEmptiedDatabase,
  refuseLostDatabase,
  startJobs,
  systemClock,
  takeInstallation,
  takeSigningKey,
  WrongKey,
  type Actor,
  type AppContext,
  type Log,
} from '@steward/api/server'
import { migrate, openStores, troubleOf, type Stores } from '@steward/db'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Refusal } from '../shared/host-messages.ts'
import type { Handle } from '@steward/api/port-host'
import { backUp } from './backup.ts'
import { takeKey, wrongKey } from './key.ts'
import { unfitness, withPasswords } from './program.ts'

/** Stands in links that name this installation; nothing listens there. */
const publicUrl = 'http://steward.invalid'

/** The one owner of this computer's data. There is no sign-in: whoever may open the files is the owner. */
const owner = { email: 'owner@this-computer.local', name: 'Owner' }

export interface LocalApp {
  handle: Handle
  backUp(target: string): Promise<void>
  /** Ends jobs and closes the databases; the WAL is folded into the files. */
  close(): Promise<void>
}

export interface OpenOptions {
  folder: string
  log: Log
  onProgress: (text: string) => void
  /** Goes on although the code that the database names is gone. */
  acceptLoss: boolean
}

/**
 * Opens, migrates (with a copy before) and attaches the data of this computer.
 * @throws what `openStores` and `migrate` throw, LostDatabase, BlobsMismatch and KeyProblem. Nothing is left open then.
 */
export async function openApp(options: OpenOptions): Promise<LocalApp> {
  const { folder, onProgress } = options
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  refuseLostDatabase(folder)
  const stores = await openStores({ folder })
  try {
    await refuseEmptiedDatabase(folder, stores)
    await migrate(stores, {
      now: () => new Date(systemClock.now()),
      backupFolder: join(folder, backupFolderName),
      onProgress: (progress) =>
        onProgress(
          progress.step === 'backup' ? 'Backing up before an update of the database.' : 'Updating the database.',
        ),
    })
    return await attachStores(stores, options)
  } catch (cause) {
    await stores.close()
    throw cause
  }
}

async function attachStores(stores: Stores, { folder, log, acceptLoss }: OpenOptions): Promise<LocalApp> {
  const first = await findOwner(stores)
  const app = await createAppContext({
    stores,
    secret: takeKey(folder, first === undefined),
    settings: { publicUrl, signUp: 'invited' },
    log,
    blobFolder: join(folder, blobFolderName),
  })
  await takeSigningKey(app).catch((cause: unknown) => {
    throw cause instanceof WrongKey ? wrongKey(folder) : cause
  })
  await takeInstallation(app, { acceptLoss })
  const actor: Actor = { kind: 'user', userId: first ?? (await makeOwner(app)), credential: { kind: 'local' } }
  const api = createApi(app)
  const jobs = startJobs(app)
  return {
    handle: (request) => api.handle(request, actor),
    backUp: (target) => backUp(stores, folder, target),
    async close() {
      await jobs.stop()
      await api.close()
      await stores.close()
    },
  }
}

/** The owner made first; data restored from a server may have several. */
async function findOwner(stores: Stores): Promise<string | undefined> {
  const row = await stores.main.reader
    .selectFrom('user')
    .select('id')
    .where('operator', '=', 1)
    .orderBy('created_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row?.id
}

/** With a password that nobody knows: there is no place here to type it at. */
async function makeOwner(app: AppContext): Promise<string> {
  const password = randomBytes(32).toString('base64url')
  const made = await withPasswords(() => createOwner(app, { ...owner, password }))
  return made.userId
}

const damaged = new Set(['DamagedDatabase', 'ForeignFile', 'SQLITE_CORRUPT', 'SQLITE_NOTADB'])

const putBack = 'Put it back, or restore a backup. To begin anew, move the rest out of the folder.'

function blobsRefusal({ kind, message }: BlobsMismatch): Refusal {
  return kind === 'missing'
    ? { kind: 'code', message: `${message} Put the folder “${blobFolderName}” back, or restore a backup.` }
    : { kind: 'other', message: `${message} Put the right one in its place, or restore a backup, which brings both.` }
}

/** Why the data could not be opened, in words for its owner. */
export function refusalOf(cause: unknown): Refusal {
  const { name = '', message = String(cause), code = '' } = (cause ?? {}) as Partial<NodeJS.ErrnoException>
  const unfit = unfitness(cause)
  if (unfit) return { kind: 'program', message: unfit.message }
  if (name === 'SchemaTooNew') return { kind: 'newer', message }
  if (name === 'KeyProblem') return { kind: 'key', message }
  if (cause instanceof LostDatabase) return { kind: 'lost', message: `${message} ${putBack}` }
  if (cause instanceof BlobsMismatch) return blobsRefusal(cause)
  if (damaged.has(name) || damaged.has(code)) return { kind: 'damaged', message }
  const trouble = troubleOf(cause)
  if (trouble === 'full') return { kind: 'other', message: 'The disk is full. Make room, then try again.' }
  if (trouble === 'failing')
    return { kind: 'other', message: `The disk fails to read or write. See to it, then try again. (${message})` }
  return { kind: 'other', message }
}
