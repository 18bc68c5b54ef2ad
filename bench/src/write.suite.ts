import Database from 'better-sqlite3'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startSteward } from './child.ts'
import { inTurn, median, microseconds, milliseconds, perSecond, print, ratio, spread } from './figures.ts'
import { load, measured, request } from './load.ts'
import type { Fixture } from './fixture.ts'

/** Tables that a write may touch; their growth tells how many rows one `bot.create` writes. */
const tables = [
  'bot',
  'bot_tag',
  'bot_secret',
  'bot_signing_secret',
  'change',
  'audit_record',
  'audit_payload',
  'outbox',
  'idempotency',
] as const

function countRows(file: string): number {
  const db = new Database(file, { readonly: true })
  const count = tables.reduce(
    (sum, table) => sum + (db.prepare(`select count(*) as n from ${table}`).get() as { n: number }).n,
    0,
  )
  db.close()
  return count
}

/** Of one write: how many in a second, and the CPU time that the writing process takes for one, microseconds. */
interface Pace {
  rate: number
  cpu: number
}

/** Bare better-sqlite3: as many inserts in one transaction with one fsync, one after the other, for `duration` ms. */
function floor(folder: string, { rows, duration }: { rows: number; duration: number }): Pace {
  const db = new Database(join(mkdtempSync(join(folder, 'floor-')), 'floor.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('create table thing (id text primary key, name text not null, body text not null, at text not null) strict')
  const insert = db.prepare('insert into thing values (?, ?, ?, ?)')
  const body = 'x'.repeat(300)
  let n = 0
  const commit = db.transaction(() => {
    for (let i = 0; i < rows; i++) insert.run(`thing_${n++}`, 'name', body, '2026-01-01T00:00:00.000Z')
  })
  const end = performance.now() + duration
  const start = performance.now()
  const before = process.cpuUsage()
  let commits = 0
  for (; performance.now() < end; commits++) commit.immediate()
  const rate = commits / ((performance.now() - start) / 1000)
  const { user, system } = process.cpuUsage(before)
  db.close()
  return { rate, cpu: (user + system) / commits }
}

/**
 * `bot.create`, acknowledged and durable, over HTTP with 16 clients, beside bare better-sqlite3 writing as many rows.
 * Judged by the CPU time that a write takes: rates are as much the disk's and the machine's.
 */
export async function writeSuite(fixture: Fixture, seconds: number): Promise<void> {
  const steward = await startSteward(fixture)
  const file = join(fixture.folder, 'steward.db')
  const shot = request('POST', '/v1/admin/bots', { token: fixture.token, body: '{}' })
  const withWorkspace = Buffer.from(
    shot.toString('latin1').replace('\r\n\r\n', `\r\nx-workspace-id: ${fixture.small}\r\n\r\n`),
    'latin1',
  )
  const before = countRows(file)
  await load({ port: steward.port, request: withWorkspace, clients: 1, duration: 300 })
  const made = new Database(file, { readonly: true })
  const { n } = made.prepare(`select count(*) - 1000 as n from bot where workspace_id = ?`).get(fixture.small) as {
    n: number
  }
  made.close()
  // The lane's row and the workspace's gauge are updated too: two more row writes than the growth shows.
  const rows = Math.round((countRows(file) - before) / n) + 2
  const p99s: number[] = []
  const rates: Record<'floor' | 'steward', number[]> = { floor: [], steward: [] }
  const keep = (name: 'floor' | 'steward', { rate, cpu: taken }: Pace): number => {
    rates[name].push(rate)
    return taken
  }
  const cpu = await inTurn(5, {
    floor: async () => keep('floor', floor(fixture.folder, { rows, duration: seconds * 1000 })),
    steward: async () => {
      const result = await measured(steward, { request: withWorkspace, clients: 16, duration: seconds * 1000 })
      if (result.failed > 0) throw new Error(`${result.failed} creations failed.`)
      p99s.push(result.p99)
      return keep('steward', result)
    },
  })
  await steward.stop()
  for (const left of [fixture.folder]) rmSync(join(left, 'floor'), { recursive: true, force: true })
  const share = median(cpu.floor) / median(cpu.steward)
  const figure = (name: 'floor' | 'steward'): string =>
    `${microseconds(median(cpu[name]))}, ${perSecond(median(rates[name]))}`
  print(`bot.create, acknowledged and durable (${rows} row writes and one fsync each): CPU time per write, and rate`, [
    {
      name: 'floor: bare better-sqlite3',
      figure: figure('floor'),
      goal: `noise ${Math.round(spread(cpu.floor) * 100)} %`,
      met: true,
    },
    { name: 'Steward, REST over HTTP, 16 clients', figure: figure('steward'), goal: '', met: true },
    { name: 'Steward / floor, by CPU time', figure: ratio(share), goal: 'at least 0.55', met: share >= 0.55 },
    {
      name: 'Steward / floor, by rate',
      figure: ratio(median(rates.steward) / median(rates.floor)),
      goal: '',
      met: true,
    },
    { name: 'p99 under 16 clients', figure: milliseconds(Math.max(...p99s)), goal: '', met: true },
  ])
}
