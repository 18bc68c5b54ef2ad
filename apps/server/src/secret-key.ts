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
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { keyFileName } from '@steward/api/server'
import { secretKey, type Config } from './config.ts'
import { exitCode, CliError } from './exit.ts'

/** The installation's secret and where it came from. */
export interface Secret {
  bytes: Uint8Array
  from: 'environment' | 'file'
  /** Whether this call made the file. */
  made: boolean
}

/** The secret where there is one: STEWARD_SECRET_KEY, else the key file. @throws CliError when the file is damaged. */
export function findSecret(config: Config): Secret | null {
  if (config.secretKey) return { bytes: config.secretKey, from: 'environment', made: false }
  const file = join(config.dataFolder, keyFileName)
  return existsSync(file) ? { bytes: readKeyFile(file), from: 'file', made: false } : null
}

/**
 * A key as it was set: a former key file, or the former value of STEWARD_SECRET_KEY.
 * @param given its text where it was not read from a file.
 * @throws CliError when it is no key, or cannot be read.
 */
export function readKey(given: string | null, place: string): Uint8Array {
  const { data } = secretKey.safeParse((given ?? readFileSync(place, 'utf8')).trim())
  if (data) return data
  throw new CliError(exitCode.usage, `There is no key in ${place}: it must hold at least 32 bytes in hex or base64.`)
}

const ifLost = 'Only if it is lost for good: "steward key replace"\ngoes on with a new one, and says what that costs.'

/** What to do about a key that the database was not used with. */
export function wrongKey(config: Config): CliError {
  const place = config.secretKey ? 'STEWARD_SECRET_KEY' : `The key file ${join(config.dataFolder, keyFileName)}`
  return new CliError(
    exitCode.usage,
    `${place} is not the key that this database was used with: nothing that is sealed would open, and\n` +
      `what it signs would count as forged. Nothing was changed. Put the right key in its place. If you are replacing it, run\n` +
      `"steward key replace --former <file>" to its end. ${ifLost}`,
  )
}

/**
 * The secret that all other keys are derived from. Where there is none, and none is needed, the key file is made: 256
 * random bits, readable by its owner only.
 * @param isNew whether a new one will do: the database is still without people, or the former key is given up.
 * @throws CliError when the file is damaged, or gone although the database is in use: a new key could not open what is sealed.
 */
export function takeSecret(config: Config, isNew: boolean): Secret {
  const found = findSecret(config)
  if (found) return found
  const file = join(config.dataFolder, keyFileName)
  if (!isNew)
    throw new CliError(
      exitCode.usage,
      `The key file ${file} is missing, but the database was used with one.\n` +
        `Put the file back from where you keep its copy, or set STEWARD_SECRET_KEY. ${ifLost}`,
    )
  const made = makeKeyFile(config.dataFolder, file)
  return { bytes: readKeyFile(file), from: 'file', made }
}

/** @throws CliError when it holds something else than a key. */
export function readKeyFile(file: string): Uint8Array {
  const text = readFileSync(file, 'utf8').trim()
  if (!/^([0-9a-f]{2}){32,}$/i.test(text))
    throw new CliError(
      exitCode.usage,
      `The key file ${file} is damaged: it must hold at least 64 hex digits. Put its copy back;\n` +
        `only where there is no copy, move the file away. ${ifLost}`,
    )
  return new Uint8Array(Buffer.from(text, 'hex'))
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
