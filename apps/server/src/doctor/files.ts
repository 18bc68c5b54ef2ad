import { existsSync } from 'node:fs'
import { access, constants, readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { keyFileName } from '@steward/api/server'
import type { Config } from '../config.ts'
import { readKeyFile } from '../secret-key.ts'
import { fail, ok, warn, type Finding } from './finding.ts'

const mebibyte = 1024 * 1024
/** A migration copies the database, and a full disk stops every write. */
const littleSpace = 1024 * mebibyte
const noSpace = 100 * mebibyte

/** The data folder: there, writable, closed to others. */
export async function checkFolder({ dataFolder, databaseUrl }: Config): Promise<Finding> {
  const name = 'data folder'
  if (!existsSync(dataFolder)) {
    if (databaseUrl !== null) return ok(name, `${dataFolder} does not exist and is not needed with Postgres`)
    return fail(name, `${dataFolder} does not exist`, 'Start Steward once, or set STEWARD_DATA to the right folder.')
  }
  try {
    await access(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return fail(
      name,
      `${dataFolder} cannot be written by this user`,
      `Run as its owner, or: chown -R "$USER" ${dataFolder}`,
    )
  }
  const { mode } = await stat(dataFolder)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    return warn(name, `${dataFolder} can be entered by other users`, `chmod 700 ${dataFolder}`)
  return ok(name, dataFolder)
}

/** Files that hold data or the key must be readable by their owner only. */
export async function checkRights({ dataFolder }: Config): Promise<Finding[]> {
  if (process.platform === 'win32' || !existsSync(dataFolder)) return []
  const names = (await readdir(dataFolder)).filter((name) => name === keyFileName || /\.db(-wal|-shm)?$/.test(name))
  const open: string[] = []
  for (const file of names) {
    const { mode } = await stat(join(dataFolder, file))
    if ((mode & 0o077) !== 0) open.push(file)
  }
  if (open.length === 0) return [ok('file rights', 'databases and key are closed to other users')]
  const fix = `chmod 600 ${open.map((file) => join(dataFolder, file)).join(' ')}`
  const make = open.includes(keyFileName) ? fail : warn
  return [make('file rights', `other users may read ${open.join(', ')}`, fix)]
}

/**
 * Where the installation's secret comes from; whether it fits is asked of the database.
 * @param isNew whether nobody has used the database yet: then the key may still be made.
 */
export function checkKey(config: Config, isNew: boolean): Finding {
  const name = 'secret key'
  if (config.secretKey) return ok(name, 'from STEWARD_SECRET_KEY')
  const file = join(config.dataFolder, keyFileName)
  if (!existsSync(file) && isNew) return ok(name, 'none yet; the first start makes it')
  if (!existsSync(file))
    return fail(
      name,
      `${file} is missing: sealed secrets cannot be opened`,
      'Put its copy back or set STEWARD_SECRET_KEY. Only if it is lost for good: steward key replace',
    )
  readKeyFile(file)
  if (config.databaseUrl !== null)
    return warn(
      name,
      `${file}, which other servers on this Postgres do not have`,
      'Set STEWARD_SECRET_KEY, alike on all servers.',
    )
  return ok(name, `${file} (is there a copy of it elsewhere?)`)
}

/** Room on the disk of the data folder. */
export async function checkDisk({ dataFolder }: Config): Promise<Finding[]> {
  if (!existsSync(dataFolder)) return []
  const { bavail, bsize } = await statfs(dataFolder)
  return [room(bavail * bsize)]
}

/** @param free bytes. */
export function room(free: number): Finding {
  const text = `${Math.floor(free / mebibyte).toLocaleString('en')} MiB free`
  if (free < noSpace) return fail('disk', text, 'Make room now: without it every write fails.')
  if (free < littleSpace)
    return warn('disk', text, 'Make room: migrations and backups need as much as the database has.')
  return ok('disk', text)
}
