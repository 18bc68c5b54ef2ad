import {
  createApi,
  createOwner,
  firstOperator,
  localActor,
  startJobs,
  type AppContext,
  type Log,
} from '@steward/api/server'
import type { Handle } from '@steward/api/port-host'
import { troubleOf } from '@steward/db'
import {
  backUp,
  blobFolderName,
  InstallationFault,
  openInstallation,
  type BackedUp,
  type FaultKind,
  type Place,
} from '@steward/installation'
import { randomBytes } from 'node:crypto'
import type { Refusal } from '../shared/host-messages.ts'
import { unfitness, withPasswords } from './program.ts'

/** Stands in links that name this installation; nothing listens there. */
const publicUrl = 'http://steward.invalid'

/** The one owner of this computer's data. There is no sign-in: whoever may open the files is the owner. */
const owner = { email: 'owner@this-computer.local', name: 'Owner' }

export interface LocalApp {
  handle: Handle
  /** Copies the data and its key into a new folder, while it is in use. @throws what `backUp` throws. */
  backUp(target: string): Promise<BackedUp>
  /** Ends jobs and closes the databases; the WAL is folded into the files. */
  close(): Promise<void>
}

export interface OpenOptions {
  folder: string
  log: Log
  onProgress: (text: string) => void
  /** Goes on although the code that the database names is gone. */
  acceptLoss: boolean
  /** Told when a change was refused because the data has another key by now: the app had better be closed. */
  onKeyReplaced: () => void
}

/** The data of this computer: all of it is in one folder. */
export const placeOf = (dataFolder: string): Place => ({ dataFolder, databaseUrl: null, secretKey: null })

/**
 * Opens, migrates (with a copy before) and attaches the data of this computer.
 * @throws what `openInstallation` throws. Nothing is left open then.
 */
export async function openApp({ folder, log, onProgress, acceptLoss, onKeyReplaced }: OpenOptions): Promise<LocalApp> {
  const place = placeOf(folder)
  const parts = { log, settings: { publicUrl, signUp: 'invited' as const } }
  const opened = await openInstallation(place, parts, {
    acceptLoss,
    onProgress: ({ step }) =>
      onProgress(step === 'backup' ? 'Backing up before an update of the database.' : 'Updating the database.'),
  })
  try {
    const { app, stores } = opened
    // Data restored from a server may have several.
    const actor = localActor((await firstOperator(stores)) ?? (await makeOwner(app)))
    const api = createApi(app, { keyReplaced: onKeyReplaced })
    const jobs = startJobs(app)
    return {
      handle: (request) => api.handle(request, actor),
      backUp: (target) => backUp(place, stores, { folder: target, withKey: true }),
      async close() {
        await jobs.stop()
        await api.close()
        await opened.close()
      },
    }
  } catch (cause) {
    await opened.close()
    throw cause
  }
}

/** With a password that nobody knows: there is no place here to type it at. */
async function makeOwner(app: AppContext): Promise<string> {
  const password = randomBytes(32).toString('base64url')
  const made = await withPasswords(() => createOwner(app, { ...owner, password }))
  return made.userId
}

const putBack = 'Put it back, or restore a backup. To start over, move the other files out of the folder.'

const other = ({ message }: InstallationFault): Refusal => ({ kind: 'other', message })
const key = (message: string): Refusal => ({ kind: 'key', message })

const refusals: Record<FaultKind, (fault: InstallationFault) => Refusal> = {
  none: other,
  lost: ({ message }) => ({ kind: 'lost', message: `${message} ${putBack}` }),
  damaged: ({ message }) => ({ kind: 'damaged', message }),
  'key-missing': ({ keyFile }) =>
    key(`The key file ${keyFile} is missing. Put your copy back: without it, bot secrets cannot be read.`),
  'key-damaged': ({ keyFile }) => key(`The key file ${keyFile} is damaged. Put your copy back.`),
  'key-wrong': ({ keyFile }) =>
    key(`The key file ${keyFile} does not match this data. Put the right one in its place.`),
  'blobs-missing': ({ message }) => ({
    kind: 'code',
    message: `${message} Put the folder “${blobFolderName}” back, or restore a backup.`,
  }),
  'blobs-foreign': ({ message }) => ({
    kind: 'other',
    message: `${message} Put the right one in its place, or restore a backup, which contains both.`,
  }),
  'folder-foreign': other,
}

/** Why data that was open is so no longer. */
export const keyReplaced: Refusal = {
  kind: 'replaced',
  message:
    'The key of this data was replaced while Steward was running. Choose “Try again” to open it with the new key.',
}

/** Why the data could not be opened, in words for its owner. */
export function refusalOf(cause: unknown): Refusal {
  const { name = '', message = String(cause) } = (cause ?? {}) as Partial<Error>
  const unfit = unfitness(cause)
  if (unfit) return { kind: 'program', message: unfit.message }
  if (cause instanceof InstallationFault) return refusals[cause.kind](cause)
  if (name === 'SchemaTooNew') return { kind: 'newer', message }
  const trouble = troubleOf(cause)
  if (name === 'ForeignFile' || trouble === 'damaged') return { kind: 'damaged', message }
  if (trouble === 'full') return { kind: 'other', message: 'The disk is full. Free up space, then try again.' }
  if (trouble === 'failing')
    return { kind: 'other', message: `The disk cannot be read or written. Check it, then try again. (${message})` }
  return { kind: 'other', message }
}
