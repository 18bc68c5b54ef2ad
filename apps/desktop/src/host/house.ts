import {
  createApp,
  createHouse,
  createOwner,
  startJobs,
  systemClock,
  takeSigningKey,
  WrongKey,
  type Actor,
  type House,
  type Log,
} from '@steward/api/server'
import { migrate, openStores, type Stores } from '@steward/db'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Refusal } from '../shared/host-messages.ts'
import type { Handle } from '@steward/api/port-host'
import { backUp, backupFolderName, blobFolderName } from './backup.ts'
import { takeKey, wrongKey } from './key.ts'

/** Stands in links that name this installation; nothing listens there. */
const publicUrl = 'http://steward.invalid'

/** The one owner of this computer's data. There is no sign-in: whoever may open the files is the owner. */
const owner = { email: 'owner@this-computer.local', name: 'Owner' }

export interface LocalHouse {
  handle: Handle
  backUp(target: string): Promise<void>
  /** Ends jobs and closes the databases; the WAL is folded into the files. */
  close(): Promise<void>
}

export interface OpenOptions {
  folder: string
  log: Log
  onProgress: (text: string) => void
}

/**
 * Opens, migrates (with a copy before) and furnishes the data of this computer.
 * @throws what `openStores` and `migrate` throw, and KeyProblem. Nothing is left open then.
 */
export async function openHouse({ folder, log, onProgress }: OpenOptions): Promise<LocalHouse> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const stores = await openStores({ folder })
  try {
    await migrate(stores, {
      now: () => new Date(systemClock.now()),
      backupFolder: join(folder, backupFolderName),
      onProgress: (progress) =>
        onProgress(
          progress.step === 'backup' ? 'Backing up before an update of the database.' : 'Updating the database.',
        ),
    })
    return await furnish(stores, folder, log)
  } catch (cause) {
    await stores.close()
    throw cause
  }
}

async function furnish(stores: Stores, folder: string, log: Log): Promise<LocalHouse> {
  const first = await findOwner(stores)
  const house = await createHouse({
    stores,
    secret: takeKey(folder, first === undefined),
    settings: { publicUrl, signUp: 'invited' },
    log,
    blobFolder: join(folder, blobFolderName),
  })
  await takeSigningKey(house).catch((cause: unknown) => {
    throw cause instanceof WrongKey ? wrongKey(folder) : cause
  })
  const actor: Actor = { kind: 'user', userId: first ?? (await makeOwner(house)), credential: { kind: 'local' } }
  const app = createApp(house)
  const jobs = startJobs(house)
  return {
    handle: (request) => app.handle(request, actor),
    backUp: (target) => backUp(stores, folder, target),
    async close() {
      await jobs.stop()
      await app.close()
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

/** With a password that nobody knows: there is no door here to type it at. */
async function makeOwner(house: House): Promise<string> {
  const made = await createOwner(house, { ...owner, password: randomBytes(32).toString('base64url') })
  return made.userId
}

const damaged = new Set(['DamagedDatabase', 'ForeignFile', 'SQLITE_CORRUPT', 'SQLITE_NOTADB'])

/** Why the data could not be opened, in words for its owner. */
export function refusalOf(cause: unknown): Refusal {
  const { name = '', message = String(cause), code = '' } = (cause ?? {}) as Partial<NodeJS.ErrnoException>
  if (name === 'SchemaTooNew') return { kind: 'newer', message }
  if (name === 'KeyProblem') return { kind: 'key', message }
  if (damaged.has(name) || damaged.has(code)) return { kind: 'damaged', message }
  return { kind: 'other', message }
}
