import { ConfigError } from './config.ts'

/** What the exit codes of `steward` mean. */
export const exitCode = {
  ok: 0,
  /** The thing failed, or a check found something. */
  failed: 1,
  /** Wrong settings or wrong usage. */
  usage: 2,
  /** The database is newer than this version, not ours, or does not answer. */
  database: 3,
  /** The address cannot be listened on. */
  address: 4,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

/** A failure that already has its words and its exit code. */
export class Stop extends Error {
  override readonly name = 'Stop'
  readonly code: ExitCode
  constructor(code: ExitCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

const databaseErrors = new Set(['SchemaTooNew', 'ForeignFile', 'UnsafeSqlite', 'DamagedDatabase'])
const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
])
const addressCodes: Record<string, string> = {
  EADDRINUSE: 'is in use by another program. Stop that program, or set STEWARD_PORT to another port',
  EADDRNOTAVAIL: 'does not belong to this machine. Set STEWARD_HOST to an address of it',
  EACCES: 'may not be used by this user. Ports below 1024 need special rights; set STEWARD_PORT to a higher one',
}

/** The exit code and the plain words for whatever ended a command; unknown errors keep their stack. */
export function explain(error: unknown): { code: ExitCode; message: string } {
  if (error instanceof Stop) return { code: error.code, message: error.message }
  if (error instanceof ConfigError) return { code: exitCode.usage, message: error.message }
  if (!(error instanceof Error)) return { code: exitCode.failed, message: String(error) }
  const { code = '', syscall = '' } = error as NodeJS.ErrnoException
  if (databaseErrors.has(error.name)) return { code: exitCode.database, message: error.message }
  if (syscall === 'listen' && addressCodes[code]) return { code: exitCode.address, message: addressMessage(error) }
  if (isDatabaseDown(error, code))
    return {
      code: exitCode.database,
      message: `The database does not answer or does not let us in: ${wordsOf(error)}\nCheck STEWARD_DATABASE_URL, and that the server runs.`,
    }
  if (code === 'EACCES' || code === 'EROFS' || code === 'ENOSPC' || code === 'ENOTDIR')
    return { code: exitCode.failed, message: `${error.message}\nCheck the folder that STEWARD_DATA names.` }
  // An API error is meant for the caller: its message says all.
  if (typeof (error as { type?: unknown }).type === 'string') return { code: exitCode.failed, message: error.message }
  return { code: exitCode.failed, message: error.stack ?? error.message }
}

function addressMessage(error: NodeJS.ErrnoException & { address?: string; port?: number }): string {
  return `${error.address ?? ''}:${error.port ?? ''} ${addressCodes[error.code ?? ''] ?? ''}.`
}

/** Postgres' classes 08 (connection), 28 (authorization), 3D (no such database), 53 and 57P (not now). */
function isDatabaseDown(error: Error, code: string): boolean {
  if (error instanceof AggregateError) return error.errors.some((one) => isDatabaseDown(one as Error, String(one.code)))
  const fromServer = 'severity' in error && /^(08|28|3D|53|57P)/.test(code)
  return fromServer || unreachable.has(code) || error.message.startsWith('timeout exceeded when trying to connect')
}

function wordsOf(error: Error): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map((one) => (one as Error).message))].join('; ')
  return error.message
}
