import pg from 'pg'

import { codeOf } from '../retry.ts'
import { address, checkSettings, inUrl, type Mode, type PostgresKind } from './postgres-settings.ts'

export interface PostgresOptions {
  readonly url: string
  /** The most connections per store: for reading and for writing. 8 and 8 by default; there are two stores. */
  readonly pool?: { readonly read?: number; readonly write?: number }
  /** Milliseconds: one statement, idle in a transaction and connecting 10,000, waiting for a lock 5,000 by default. */
  readonly timeouts?: Partial<Readonly<Record<'statement' | 'idle' | 'lock' | 'connect', number>>>
  /** Told of connections that break while nobody uses them. They are replaced by themselves. */
  readonly onIdleError?: (error: Error) => void
}

/** Longer than the server needs to say that a statement took too long; after that it has fallen silent. */
const grace = 2000
/** The longest a timer takes, 24 days: for what may take as long as it wants. 0 would mean the pool's own limit. */
export const unlimited = 2 ** 31 - 1

const int8 = 20
const numeric = 1700

/** Counts, sums and int8 come as strings from pg; here they are numbers, as on SQLite. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === int8 || oid === numeric) return Number
    return pg.types.getTypeParser(oid, format)
  },
}

/** A pool for one store. A reading pool refuses to write, whatever the SQL. */
export function openPool(options: PostgresOptions, kind: PostgresKind, mode: Mode): pg.Pool {
  const { timeouts, onIdleError = () => {} } = options
  const statement = Number(inUrl(options.url, 'statement_timeout') ?? timeouts?.statement ?? 10_000)
  const pool = new pg.Pool({
    ...address(options.url, kind, mode),
    application_name: `steward ${kind.label} ${mode}`,
    // The pool waits for it, which its types do not say.
    onConnect: (client) => checkSettings(client, kind, mode) as unknown as void,
    max: options.pool?.[mode] ?? 8,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: timeouts?.connect ?? 10_000,
    statement_timeout: statement,
    query_timeout: statement === 0 ? unlimited : statement + grace,
    idle_in_transaction_session_timeout: timeouts?.idle ?? 10_000,
    lock_timeout: timeouts?.lock ?? 5_000,
    types,
  })
  pool.on('error', onIdleError)
  // The pool listens to idle clients only; one that breaks in a caller's hands would end the process.
  pool.on('connect', (client) => {
    client.on('error', onIdleError)
    endWhenSilent(client)
  })
  return pool
}

/** pg gives up a query, but keeps its connection, on which nothing would ever be answered again. */
function endWhenSilent(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...input: unknown[]) => Promise<unknown>
  const watched = (...input: unknown[]): Promise<unknown> => {
    const answer = query(...input)
    answer.catch((error: unknown) => {
      if (isSilent(error)) void (client as unknown as pg.Client).end()
    })
    return answer
  }
  Object.assign(client, { query: watched })
}

const brokenCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  '08000',
  '08001',
  '08003',
  '08006',
  '25P03',
  '57P01',
  '57P02',
  '57P03',
])

/** The connection is gone or the server is not there (yet): asking again may help. */
export function isBroken(error: unknown): boolean {
  if (isSilent(error)) return false
  if (brokenCodes.has(codeOf(error))) return true
  return error instanceof Error && /Connection terminated|Client has encountered a connection error/.test(error.message)
}

/** The server took no part for as long as a caller may wait. Not asked again, or each attempt would take as long. */
function isSilent(error: unknown): boolean {
  return error instanceof Error && /^Query read timeout$|due to connection timeout$/.test(error.message)
}

/** `select *` prepared before another process changed the table: prepare it again under another name. */
export function isStalePlan(error: unknown): boolean {
  return codeOf(error) === '0A000' && error instanceof Error && error.message.includes('cached plan')
}

/** The server asks for the whole transaction again. */
export function isConflict(error: unknown): boolean {
  return codeOf(error) === '40001' || codeOf(error) === '40P01'
}
