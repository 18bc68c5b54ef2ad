import { createCleaner } from '@steward/api/server'
import pino from 'pino'
import type { Config } from './config.ts'
import { terminal } from './terminal.ts'

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

/**
 * One JSON object a line, at most 2 KB of it, times in ISO 8601. Fields and message are cleaned before they are text,
 * whatever field a secret got into.
 */
export function createLog(config: Config, write = (line: string): void => terminal().err(line)): pino.Logger {
  const clean = createCleaner(secretsOf(config))
  return pino(
    {
      level: config.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Errors are words by then, and pino's own serializer would make them its own way.
      serializers: { err: (error: unknown) => error },
      hooks: {
        logMethod([given, text = ''], method) {
          const { fields, message } = clean(given as object, text)
          method.call(this, fields, message)
        },
      },
    },
    { write },
  )
}
