import {
  filesOpenToOthers,
  folderState,
  freeSpace,
  isEmbedded,
  keyFileName,
  keyFileOf,
  keyFileState,
} from '@steward/installation'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { fail, ok, warn, type Finding } from './finding.ts'

const mebibyte = 1024 * 1024
/** A migration copies the database, and a full disk stops every write. */
const littleSpace = 1024 * mebibyte
const noSpace = 100 * mebibyte

/** The data folder: there, writable, closed to others. */
export async function checkFolder(config: Config): Promise<Finding> {
  const name = 'data folder'
  const { dataFolder } = config
  const state = await folderState(dataFolder)
  if (state === 'missing' && !isEmbedded(config))
    return ok(name, `${dataFolder} does not exist, and Postgres does not need it`)
  if (state === 'missing')
    return fail(name, `${dataFolder} does not exist`, 'Start Steward once, or set STEWARD_DATA to the right folder.')
  if (state === 'unusable')
    return fail(
      name,
      `${dataFolder} cannot be written by this user`,
      `Run Steward as its owner, or: chown -R "$USER" ${dataFolder}`,
    )
  if (state === 'open to others')
    return warn(name, `${dataFolder} can be entered by other users`, `chmod 700 ${dataFolder}`)
  return ok(name, dataFolder)
}

/** Files that hold data or the key must be readable by their owner only. */
export async function checkRights({ dataFolder }: Config): Promise<Finding[]> {
  const open = await filesOpenToOthers(dataFolder)
  if (open === null) return []
  if (open.length === 0) return [ok('file rights', 'other users cannot read the databases or the key')]
  const fix = `chmod 600 ${open.map((file) => join(dataFolder, file)).join(' ')}`
  const make = open.includes(keyFileName) ? fail : warn
  return [make('file rights', `other users can read ${open.join(', ')}`, fix)]
}

/**
 * Where the installation's secret comes from; whether it fits is asked of the database.
 * @param isNew whether nobody has used the database yet: then the key may still be made.
 */
export function checkKey(config: Config, isNew: boolean): Finding {
  const name = 'secret key'
  const file = keyFileOf(config)
  const state = keyFileState(config)
  if (state === 'not needed') return ok(name, 'from STEWARD_SECRET_KEY')
  if (state === 'missing' && isNew) return ok(name, 'none yet; the first start creates it')
  if (state === 'missing' || state === 'damaged')
    return fail(
      name,
      state === 'missing'
        ? `${file} is missing: encrypted secrets cannot be read`
        : `${file} is damaged: it must contain at least 64 hex digits`,
      'Put your copy back or set STEWARD_SECRET_KEY. Only if it is permanently lost: steward key replace',
    )
  if (!isEmbedded(config))
    return warn(
      name,
      `${file}, which other servers on this Postgres do not have`,
      'Set STEWARD_SECRET_KEY to the same value on all servers.',
    )
  return ok(name, `${file} (make sure that there is a copy of it elsewhere)`)
}

/** Room on the disk of the data folder. */
export async function checkDisk({ dataFolder }: Config): Promise<Finding[]> {
  const free = await freeSpace(dataFolder)
  return free === null ? [] : [room(free)]
}

/** @param free bytes. */
export function room(free: number): Finding {
  const text = `${Math.floor(free / mebibyte).toLocaleString('en')} MiB free`
  if (free < noSpace) return fail('disk', text, 'Free up space now: otherwise every write will fail.')
  if (free < littleSpace)
    return warn('disk', text, 'Free up space: migrations and backups need as much as the database itself.')
  return ok('disk', text)
}
