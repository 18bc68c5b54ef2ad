import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { InstallationFault } from './installation-fault.ts'
import { keyFileOf, type Place } from './place.ts'

/** The installation's secret and where it came from. */
export interface Secret {
  bytes: Uint8Array
  from: 'environment' | 'file'
  /** Whether this call made the file. */
  made: boolean
}

/** The secret where there is one. @throws InstallationFault when its file is damaged. */
export function findSecret(place: Place): Secret | null {
  if (place.secretKey) return { bytes: place.secretKey, from: 'environment', made: false }
  return existsSync(keyFileOf(place)) ? { bytes: readKeyFile(place), from: 'file', made: false } : null
}

/**
 * The secret that all other keys are derived from. Where there is none, and none is needed, the key file is made: 256
 * random bits, readable by its owner only.
 * @param isNew whether a new one will do: the database is still without people, or the former key is given up.
 * @throws InstallationFault when the file is damaged, or gone although the database is in use: a new key could not open what
 *   is sealed.
 */
export function takeSecret(place: Place, isNew: boolean): Secret {
  const found = findSecret(place)
  if (found) return found
  const file = keyFileOf(place)
  if (!isNew) throw keyMissing(place)
  const made = makeKeyFile(place.dataFolder, file)
  return { bytes: readKeyFile(place), from: 'file', made }
}

export function keyMissing(place: Place): InstallationFault {
  const message = `The key file ${keyFileOf(place)} is missing, but the database needs it.`
  return new InstallationFault('key-missing', place, message)
}

/** @throws InstallationFault when it holds something else than a key. */
export function readKeyFile(place: Place): Uint8Array {
  const file = keyFileOf(place)
  const key = readKeyAt(file)
  if (key) return key
  const message = `The key file ${file} is damaged: it must contain at least 64 hex digits.`
  throw new InstallationFault('key-damaged', { ...place, secretKey: null }, message)
}

/** The key in a file; null when it holds something else. */
export function readKeyAt(file: string): Uint8Array | null {
  const text = readFileSync(file, 'utf8').trim()
  return /^([0-9a-f]{2}){32,}$/i.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : null
}

/** Two processes may start at once: the file appears whole, and only one of them makes it. */
function makeKeyFile(folder: string, file: string): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const descriptor = openSync(draft, 'wx', 0o600)
  try {
    writeSync(descriptor, `${randomBytes(32).toString('hex')}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}
