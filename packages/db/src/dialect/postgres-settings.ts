import type { ClientBase, PoolConfig } from 'pg'

import { UnsafePostgres } from '../errors.ts'

export interface PostgresKind {
  readonly label: 'main' | 'telemetry'
  readonly schema: string
  /** What is acknowledged is on disk, also where the server is told to be quick instead. */
  readonly durable: boolean
}

export const postgresKinds = {
  main: { label: 'main', schema: 'steward', durable: true },
  telemetry: { label: 'telemetry', schema: 'steward_telemetry', durable: false },
} as const satisfies Record<string, PostgresKind>

export type Mode = 'read' | 'write'

/** What must hold on every connection, whatever the role's and the database's defaults are. */
function wanted({ schema }: PostgresKind, mode: Mode): [name: string, value: string][] {
  const settings: [string, string][] = [
    ['search_path', schema],
    // Who waited for a lane must see what its holder did: a stricter default would fail such writes.
    ['default_transaction_isolation', 'read committed'],
  ]
  if (mode === 'read') settings.push(['default_transaction_read_only', 'on'])
  return settings
}

/** The address of a pool. pg would take `options` of the URL instead of ours: here ours follow them, and win. */
export function address(url: string, kind: PostgresKind, mode: Mode): PoolConfig {
  const ours = wanted(kind, mode).map(([name, value]) => `-c ${name}=${value.replaceAll(' ', String.raw`\ `)}`)
  const theirs = inUrl(url, 'options')
  if (theirs === undefined) return { connectionString: url, options: ours.join(' ') }
  const merged = new URL(url)
  merged.searchParams.set('options', [theirs, ...ours].join(' '))
  return { connectionString: merged.href }
}

/** A parameter of the URL; where it is given twice the last one counts, as for pg. */
export function inUrl(url: string, name: string): string | undefined {
  return URL.canParse(url) ? new URL(url).searchParams.getAll(name).at(-1) : undefined
}

const whenOff = `when 'off' then set_config('synchronous_commit', 'on', false)`

/** Looks at a new connection: what is between here and the server may have dropped our settings. @throws UnsafePostgres */
export async function checkSettings(client: ClientBase, kind: PostgresKind, mode: Mode): Promise<void> {
  const settings = wanted(kind, mode)
  const columns = settings.map(([name]) => `current_setting('${name}') as ${name}`)
  // Only `off` is changed: the other levels say how far a standby is waited for, which is the operator's choice.
  if (kind.durable && mode === 'write') columns.push(`case current_setting('synchronous_commit') ${whenOff} end`)
  const { rows } = await client.query<Record<string, string>>(`select ${columns.join(', ')}`)
  for (const [name, value] of settings) {
    const found = rows[0]?.[name]
    if (found !== value) throw new UnsafePostgres(name, String(found), value)
  }
}
