import { existsSync, statSync } from 'node:fs'

import type Database from 'better-sqlite3'

import { DamagedDatabase, ForeignFile } from '../errors.ts'
import { codeOf } from '../retry.ts'
import { openReader, type SqliteKind } from './sqlite.ts'

/** Files up to this many bytes are read whole, which takes about 70 ms; `checkIntegrity` reads larger ones. */
const wholeUpTo = 64 * 1024 * 1024

/**
 * Looks at a file before anything is written to it, through a connection that cannot write, so that damage is not made
 * worse. Bounded: pages and their links of a small file, both ends of every table of a large one.
 * @throws DamagedDatabase @throws ForeignFile
 */
export function refuseDamage(path: string, kind: SqliteKind, whole = wholeUpTo): void {
  if (!existsSync(path) || statSync(path).size === 0) return
  let found: string
  try {
    const database = openReader(path, kind)
    try {
      found = statSync(path).size <= whole ? checkPages(database) : checkEnds(database)
    } finally {
      database.close()
    }
  } catch (error) {
    if (error instanceof ForeignFile) throw error
    // Whatever else keeps it from being read is told by the writer, which may have waited, or have rights.
    if (!/^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error))) return
    throw new DamagedDatabase(`${path} is damaged. It was not changed.`, { cause: error })
  }
  const [line = ''] = found.split('\n').slice(-1)
  if (found !== 'ok') throw new DamagedDatabase(`${path} is damaged (${line}). It was not changed.`)
}

function checkPages(database: Database.Database): string {
  return String(database.pragma('quick_check(1)', { simple: true }))
}

/** From the root to the first and to the last row of every table. */
function checkEnds(database: Database.Database): string {
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").pluck().all() as string[]
  for (const table of tables) {
    const key = database.prepare('select name from pragma_table_info(?) where pk > 0 order by pk').pluck().all(table)
    const backwards = (key as string[]).map((column) => `${quoted(column)} desc`).join(', ')
    database.prepare(`select * from ${quoted(table)} limit 1`).get()
    if (backwards !== '') database.prepare(`select * from ${quoted(table)} order by ${backwards} limit 1`).get()
  }
  return 'ok'
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
