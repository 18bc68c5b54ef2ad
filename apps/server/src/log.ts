import pino from 'pino'
import type { Config } from './config.ts'

const hidden = '[hidden]'
const tokens = /\b(bp_pat_|bp_bak_|bp_iak_|stw_inv_|stw_set_)[0-9A-Za-z]{8,}/g
const bearers = /\b(Bearer|Basic) +[\w.~+/=-]{8,}/gi
const addresses = /(\w+:\/\/[^\s/:@"]*):[^\s@"]+@/g
const fields = /"([^"]*(?:password|secret|token|authorization|cookie|credential)[^"]*)":"(?:[^"\\]|\\.)*"/gi

/** Takes everything out of a log line that could open something: tokens, passwords, cookies, the given values. */
export function scrub(line: string, secrets: readonly string[] = []): string {
  let clean = line
    .replaceAll(tokens, `$1${hidden}`)
    .replaceAll(bearers, `$1 ${hidden}`)
    .replaceAll(addresses, `$1:${hidden}@`)
    .replaceAll(fields, `"$1":"${hidden}"`)
  for (const secret of secrets) clean = clean.replaceAll(secret, hidden)
  return clean
}

/** The secret values among the settings, to be looked for in every line. */
export function secretsOf(config: Config): string[] {
  const password = config.databaseUrl === null ? '' : new URL(config.databaseUrl).password
  const key = config.secretKey === null ? [] : [Buffer.from(config.secretKey)]
  return [
    password,
    decodeURIComponent(password),
    ...config.oidc.map((provider) => provider.clientSecret ?? ''),
    ...key.flatMap((bytes) => [bytes.toString('hex'), bytes.toString('base64'), bytes.toString('base64url')]),
  ].filter((value) => value.length >= 4)
}

/** Of an error only its words: drivers hang whole connections on theirs, with what could cancel or join them. */
function plainError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, stack, cause } = error
  const code: unknown = Reflect.get(error, 'code')
  return {
    type: name,
    message,
    ...(typeof code === 'string' && { code }),
    stack,
    ...(cause !== undefined && depth < 5 && { cause: plainError(cause, depth + 1) }),
  }
}

/** One JSON object a line, times in ISO 8601. Every line is scrubbed as a whole, whatever field a secret got into. */
export function createLog(
  config: Config,
  write = (line: string): void => void process.stderr.write(line),
): pino.Logger {
  const secrets = secretsOf(config)
  return pino(
    {
      level: config.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: plainError },
    },
    { write: (line) => write(scrub(line, secrets)) },
  )
}
