import { troubleOf, type Trouble } from '@steward/db'
import { InstallationFault, UnfitBackupFolder } from '@steward/installation'
import { ConfigError } from './config.ts'
import { wordsOf as wordsOfFault } from './installation-faults.ts'

/** What the exit codes of `steward` mean. */
export const exitCode = {
  ok: 0,
  /** The thing failed, or a check found something. */
  failed: 1,
  /** Wrong settings or wrong usage. */
  usage: 2,
  /** The database is lost, damaged, newer than this version, not ours or not of this folder, or does not answer. */
  database: 3,
  /** The address cannot be listened on. */
  address: 4,
} as const

/** The name of an exit code, as `--json` tells it. */
export function nameOf(code: ExitCode): string {
  return Object.entries(exitCode).find(([, value]) => value === code)?.[0] ?? 'failed'
}

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

/** A failure that already has its words and its exit code. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly code: ExitCode
  constructor(code: ExitCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** Errors of ours whose own words say all. */
const databaseErrors = new Set(['SchemaTooNew', 'ForeignFile', 'UnsafeSqlite', 'UnsafePostgres', 'DamagedDatabase'])
const plainErrors = new Set(['BackupUnsupported', 'RestoreRefused', 'CopyFailed', 'DamagedBlob'])

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
  EADDRNOTAVAIL: 'does not belong to this machine. Set STEWARD_HOST to one of its addresses',
  EACCES: 'cannot be used by this user. Ports below 1024 need special rights; set STEWARD_PORT to a higher port',
}
const restoreIt = 'Stop Steward and restore a backup: steward restore <folder> --force'
const troubles: Record<Exclude<Trouble, 'unreachable'>, string> = {
  full: 'The disk of the database is full, so nothing can be written. Free up space.',
  failing: 'The disk of the data folder cannot be read or written. Check it (it may be full), then start again.',
  closed: 'The database file cannot be opened. Check the permissions of the folder set in STEWARD_DATA.',
  unwritable:
    'The database file cannot be written by this user. Check the permissions of the folder set in STEWARD_DATA.',
  damaged: `The database file is damaged. ${restoreIt}`,
  busy: 'Other programs keep the database busy. Wait until they are done, or stop them.',
}
const fileCodes: Record<string, string> = {
  EACCES: 'cannot be used by this user. Check its permissions and those of its folders',
  EPERM: 'cannot be changed by this user. Check its permissions and those of its folders',
  EROFS: 'is on a read-only disk',
  ENOSPC: 'cannot be written: its disk is full. Free up space',
  EDQUOT: 'cannot be written: the disk quota is used up. Free up space',
  ENOTDIR: 'cannot be reached: part of its path is a file, not a folder',
  EISDIR: 'is a folder, but a file is needed',
  EEXIST: 'already exists',
  ENOENT: 'does not exist',
  ENOTEMPTY: 'is not empty',
  EBUSY: 'is in use, or a disk is mounted there',
  EXDEV: 'is on a different disk than its destination',
  EMFILE: 'cannot be opened: this process cannot open more files. Raise its limit (ulimit -n)',
  EIO: 'cannot be read or written: its disk has an error',
}

/** The exit code and the plain words for whatever ended a command; unknown errors keep their stack. */
export function explain(error: unknown): { code: ExitCode; message: string } {
  if (error instanceof CliError) return { code: error.code, message: error.message }
  if (error instanceof ConfigError) return { code: exitCode.usage, message: error.message }
  if (error instanceof InstallationFault) return ofFault(error)
  if (error instanceof UnfitBackupFolder)
    return { code: error.kind === 'among-blobs' ? exitCode.usage : exitCode.failed, message: error.message }
  if (!(error instanceof Error)) return { code: exitCode.failed, message: String(error) }
  if (databaseErrors.has(error.name)) return { code: exitCode.database, message: error.message }
  if (plainErrors.has(error.name)) return { code: exitCode.failed, message: error.message }
  return ofTheMachine(error) ?? { code: exitCode.failed, message: error.stack ?? error.message }
}

function ofFault(fault: InstallationFault): { code: ExitCode; message: string } {
  const [code, message] = wordsOfFault(fault)
  return { code: exitCode[code], message }
}

/** What the system or the database says by a code. */
function ofTheMachine(error: NodeJS.ErrnoException): { code: ExitCode; message: string } | null {
  const { code = '', syscall = '' } = error
  if (syscall === 'listen' && addressCodes[code]) return { code: exitCode.address, message: addressMessage(error) }
  const trouble = troubleOf(error)
  if (trouble !== undefined && trouble !== 'unreachable')
    return { code: exitCode.database, message: `${troubles[trouble]}\n(${code || error.name}: ${error.message})` }
  if (syscall === 'connect' || isDatabaseDown(error, code))
    return {
      code: exitCode.database,
      message: `The database does not answer or refuses the connection: ${wordsOf(error)}\nCheck STEWARD_DATABASE_URL, and that the database server is running.`,
    }
  if (fileCodes[code] !== undefined && syscall !== '')
    return { code: exitCode.failed, message: `${fileOf(error)} ${fileCodes[code]}.` }
  // An API error is meant for the caller: its message says all.
  if (typeof (error as { type?: unknown }).type === 'string') return { code: exitCode.failed, message: error.message }
  return null
}

/** The file that could not be used: of two, the one that was to be written. */
function fileOf({ path, dest, syscall = '' }: NodeJS.ErrnoException & { dest?: string }): string {
  return dest ?? path ?? `A file (${syscall})`
}

function addressMessage(error: NodeJS.ErrnoException & { address?: string; port?: number }): string {
  return `${error.address ?? ''}:${error.port ?? ''} ${addressCodes[error.code ?? ''] ?? ''}.`
}

function isDatabaseDown(error: Error, code: string): boolean {
  if (error instanceof AggregateError) return error.errors.some((one) => isDatabaseDown(one as Error, String(one.code)))
  const silent = /^(timeout exceeded when trying to connect|Query read timeout)/.test(error.message)
  return troubleOf(error) === 'unreachable' || unreachable.has(code) || silent
}

function wordsOf(error: Error): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map((one) => (one as Error).message))].join('; ')
  return error.message
}
