import { readFileSync } from 'node:fs'
import { secretKey } from './config.ts'
import { exitCode, CliError } from './exit.ts'

/**
 * A key as it was set: a former key file, or the former value of STEWARD_SECRET_KEY.
 * @param given its text where it was not read from a file.
 * @throws CliError when it is no key, or cannot be read.
 */
export function readKey(given: string | null, place: string): Uint8Array {
  const { data } = secretKey.safeParse((given ?? readFileSync(place, 'utf8')).trim())
  if (data) return data
  throw new CliError(exitCode.usage, `There is no key in ${place}: it must contain at least 32 bytes in hex or base64.`)
}
