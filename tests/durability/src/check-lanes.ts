import type { Checker } from './check.ts'
import { differences } from './differences.ts'

/** Each effect has its audit record in each of its lanes, and no record is without an effect. */
const records: Checker = ({ world, found, base }) => {
  const expected = new Map(world.records)
  for (const { lane_id, operation, count } of base.records) {
    const name = `${lane_id}|${operation}`
    expected.set(name, (expected.get(name) ?? 0) + count)
  }
  return differences(
    expected,
    new Map(found.records.map((row) => [`${row.lane_id}|${row.operation}`, row.count] as const)),
  )
}

/** Needs no model: a lane counts its changes without gaps, one audit record each, and knows the last. */
const lanes: Checker = ({ found }) => {
  const chains = new Map(found.chains.map((row) => [row.lane_id, row]))
  const heads = new Map(found.heads.map((row) => [row.lane_id, row.hash]))
  return found.lanes.flatMap(({ id, version, audit_seq: seq, audit_head: head }) => {
    const { count = 0, first = 1, last = 0 } = chains.get(id) ?? {}
    const dense = version === seq && count === seq && last === seq && first === 1
    if (!dense)
      return [`${id} is at version ${version}, record ${seq}, but has ${count} records from ${first} to ${last}`]
    return seq === 0 || heads.get(id) === head ? [] : [`${id} does not end with the record it names`]
  })
}

/** What readers of a lane are told: everything that is there or was deleted, by this or a later version. */
const changes: Checker = ({ world, found, base }) => {
  const lines: string[] = []
  const at = new Map(found.lanes.map((row) => [row.id, row.version]))
  const rows = new Map(found.changes.map((row) => [[row.lane_id, row.type, row.entity_id].join('|'), row]))
  const before = new Set(base.changes.map((row) => [row.lane_id, row.type, row.entity_id].join('|')))
  for (const [name, deleted] of world.changes) {
    const row = rows.get(name)
    if (row?.deleted !== (deleted ? 1 : 0)) lines.push(`${name} has deleted ${row?.deleted}, expected ${deleted}`)
  }
  for (const [name, row] of rows) {
    if (row.version > (at.get(row.lane_id) ?? 0)) lines.push(`${name} is of version ${row.version}, ahead of its lane`)
    const exact = ['bot', 'botKey', 'token', 'preference'].includes(row.type)
    if (exact && !world.changes.has(name) && !before.has(name)) lines.push(`${name} should not be there`)
  }
  const saved = new Set(found.changes.filter((row) => row.type === 'version').map((row) => row.entity_id))
  for (const { id } of found.versions) if (!saved.has(id)) lines.push(`the version ${id} has no change`)
  return lines
}

/** One stored answer for each effect: no effect without, no answer without an effect. */
const answers: Checker = ({ world, found, base }) => {
  const expected = base.answers + world.answers
  return found.answers === expected ? [] : [`${found.answers} answers are stored, ${expected} writes were done`]
}

export const laneChecks: Record<string, Checker> = { records, lanes, changes, answers }
