// Checks an exported audit trail without Steward: `node verify-export.ts export.jsonl [checkpoints.jsonl [keys.pem]]`.
// Whoever trusts nobody can read this one file and keep a copy of it: it imports Node alone.
import { createPublicKey, hash, verify } from 'node:crypto'
import { createReadStream, readFileSync, realpathSync } from 'node:fs'

/** One line of the export. `salt` and `payload` are null once erased. */
export interface ChainRecord {
  id: string
  laneId: string
  seq: number
  prev: string
  hash: string
  at: string
  actorKind: string
  actorId: string | null
  action: string
  operation: string
  resourceType: string
  resourceId: string | null
  requestId: string
  payloadHash: string
  salt: string | null
  payload: string | null
}

/** A signed head: Ed25519 over laneId, seq, head and at, joined by line feeds. */
export interface Checkpoint {
  laneId: string
  seq: number
  head: string
  at: string
  keyId: string
  signature: string
  /** SPKI PEM. */
  publicKey?: string | undefined
}

export type FindingKind =
  | 'edited'
  | 'deleted'
  | 'inserted'
  | 'swapped'
  | 'cut'
  | 'erased'
  | 'rewritten'
  | 'checkpoint'
  | 'head'

/** The first thing that is wrong, and with which record. */
export interface Finding {
  seq: number
  kind: FindingKind
  expected: string
  found: string
}

export interface ChainEnd {
  seq: number
  hash: string
}

const genesis = '0'.repeat(64)
/** How far from its place a moved record is looked for. */
const searchWidth = 10_000

const sha256 = (text: string): string => hash('sha256', text)

function link(r: ChainRecord, seq: unknown = r.seq): string {
  return sha256(
    JSON.stringify([
      seq,
      r.prev,
      r.id,
      r.laneId,
      r.at,
      r.actorKind,
      r.actorId,
      r.action,
      r.operation,
      r.resourceType,
      r.resourceId,
      r.requestId,
      r.payloadHash,
    ]),
  )
}

export interface Walker {
  /** Takes the next record, in the order of the trail. */
  push(record: ChainRecord): void
  /** Takes what was seen together; call once, after the last record. */
  finish(): Walked
}

export interface Walked {
  finding: Finding | null
  /** The last sound record. */
  end: ChainEnd
  records: number
  /** Records whose payload is gone, by id: an erasure must name each. */
  missing: ReadonlyMap<string, number>
  /** Ids that sound erasure records name. */
  erased: ReadonlySet<string>
}

interface Broken {
  record: ChainRecord
  place: number
}

/**
 * Follows a chain record by record, remembering only its end, and stops judging at the first break.
 * @param anchors heads that signed checkpoints vouch for, by sequence number.
 */
export function createWalker(
  laneId: string,
  anchors: ReadonlyMap<number, readonly string[]> = new Map(),
  start: ChainEnd = { seq: 0, hash: genesis },
): Walker {
  let end = start
  let records = 0
  let broken: Broken | null = null
  let finding: Finding | null = null
  const missing = new Map<string, number>()
  const erased = new Set<string>()

  const accept = (record: ChainRecord): void => {
    end = { seq: record.seq, hash: record.hash }
    const vouched = anchors.get(end.seq)?.find((head) => head !== end.hash)
    if (vouched) finding = { seq: end.seq, kind: 'rewritten', expected: vouched, found: end.hash }
    if (record.payload === null && record.salt === null) missing.set(record.id, record.seq)
    else if (
      record.payload === null ||
      record.salt === null ||
      record.salt.includes('.') ||
      sha256(`${record.salt}.${record.payload}`) !== record.payloadHash
    )
      finding = { seq: end.seq, kind: 'edited', expected: record.payloadHash, found: 'a different payload' }
    else if (record.operation === 'audit.erase') for (const id of namedBy(record.payload)) erased.add(id)
  }

  return {
    push(record) {
      records += 1
      if (finding) return
      if (broken) {
        finding = classify(broken, record, end)
        return
      }
      const place = end.seq + 1
      const sound = record.seq === place && record.prev === end.hash && record.laneId === laneId
      if (sound && link(record) === record.hash) accept(record)
      else broken = { record, place }
    },
    finish() {
      if (broken && !finding) finding = classify(broken, null, end)
      return { finding, end, records, missing, erased }
    },
  }
}

/** The record ids that an erasure record names in its payload. */
function namedBy(payload: string): string[] {
  const entry = parse(payload) as { after?: { records?: unknown } | null } | null | undefined
  const records = entry?.after?.records
  return Array.isArray(records) ? records.filter((id) => typeof id === 'string') : []
}

/** Says what was done, from the first record that does not fit, its place, and the one after it. */
function classify({ record, place }: Broken, next: ChainRecord | null, end: ChainEnd): Finding {
  const home = homeOf(record, place)
  const nextHome = next ? homeOf(next, place + 1) : null
  const at = (seq: number, kind: FindingKind, found: string): Finding => ({ seq, kind, expected: end.hash, found })
  if (home === null)
    return at(place, nextHome === place ? 'inserted' : 'edited', `a record with the hash ${record.hash}`)
  if (home > place) {
    const gap = next === null || nextHome === home + 1
    return at(place, gap ? 'deleted' : 'swapped', `the record that was number ${home}`)
  }
  if (home < place) {
    const copied = record.hash === end.hash || home < place - 1
    return at(copied ? place : place - 1, 'inserted', `the record that was number ${home}`)
  }
  if (nextHome === place) return at(place, 'inserted', `a record after ${record.prev}`)
  // It is at home and sound in itself, so either its number was changed, or its predecessor is not what it was.
  const successorFits = next !== null && next.prev === record.hash
  const former = record.prev !== end.hash && place > 1 && (next === null || successorFits)
  return at(former ? place - 1 : place, 'edited', `a record after ${record.prev}`)
}

/** The number under which the record's hash is right: where it stood when it was written. Null for a changed record. */
function homeOf(record: ChainRecord, near: number): number | null {
  if (link(record) === record.hash) return record.seq
  for (let distance = 0; distance <= searchWidth; distance++) {
    if (link(record, near + distance) === record.hash) return near + distance
    if (distance < near && link(record, near - distance) === record.hash) return near - distance
  }
  return null
}

/** Sorts checkpoints into heads to hold the chain against, and the first whose signature is not right. */
export function anchorsOf(
  checkpoints: readonly Checkpoint[],
  keyOf: (checkpoint: Checkpoint) => string | undefined,
): { anchors: Map<number, string[]>; finding: Finding | null; last: Checkpoint | null } {
  const anchors = new Map<number, string[]>()
  let finding: Finding | null = null
  let last: Checkpoint | null = null
  for (const one of checkpoints) {
    const key = keyOf(one)
    if (key === undefined || !isSigned(one, key)) {
      const found = key === undefined ? `the unknown key ${one.keyId}` : 'a signature that does not match'
      if (!finding || one.seq < finding.seq)
        finding = { seq: one.seq, kind: 'checkpoint', expected: 'a checkpoint with a valid signature', found }
      continue
    }
    anchors.set(one.seq, [...(anchors.get(one.seq) ?? []), one.head])
    if (!last || one.seq > last.seq) last = one
  }
  return { anchors, finding, last }
}

/** The text that is signed. */
export function checkpointText({ laneId, seq, head, at }: Omit<Checkpoint, 'keyId' | 'signature'>): string {
  return `${laneId}\n${seq}\n${head}\n${at}`
}

function isSigned(one: Checkpoint, key: string): boolean {
  try {
    const text = Buffer.from(checkpointText(one))
    return verify(null, text, createPublicKey(key), Buffer.from(one.signature, 'base64url'))
  } catch {
    return false
  }
}

/** The finding that comes first in the chain, out of everything that was looked at. */
export function conclude(
  walked: Walked,
  found: { checkpoint: Finding | null; last: Checkpoint | null; head?: ChainEnd | null },
): Finding | null {
  const { end, missing, erased } = walked
  const all = [walked.finding, found.checkpoint]
  const shouldReach = Math.max(found.last?.seq ?? 0, found.head?.seq ?? 0)
  if (!walked.finding && end.seq < shouldReach)
    all.push({
      seq: end.seq + 1,
      kind: 'cut',
      expected: `records up to ${shouldReach}`,
      found: `none after ${end.seq}`,
    })
  if (!walked.finding && found.head && end.seq === found.head.seq && end.hash !== found.head.hash)
    all.push({ seq: end.seq, kind: 'head', expected: found.head.hash, found: end.hash })
  for (const [id, seq] of walked.finding ? [] : missing)
    if (!erased.has(id)) {
      all.push({ seq, kind: 'erased', expected: `an erasure record for ${id}`, found: 'a payload that is gone' })
      break
    }
  return all.filter((one) => one !== null).toSorted((a, b) => a.seq - b.seq)[0] ?? null
}

const fields: Record<keyof ChainRecord, string> = {
  id: 'string',
  laneId: 'string',
  seq: 'number',
  prev: 'string',
  hash: 'string',
  at: 'string',
  actorKind: 'string',
  actorId: 'text or null',
  action: 'string',
  operation: 'string',
  resourceType: 'string',
  resourceId: 'text or null',
  requestId: 'string',
  payloadHash: 'string',
  salt: 'text or null',
  payload: 'text or null',
}

/** Whether a parsed line has exactly the fields of a record, each of its type. */
export function isChainRecord(value: unknown): value is ChainRecord {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== Object.keys(fields).length)
    return false
  return Object.entries(fields).every(([name, type]) => {
    const field: unknown = Reflect.get(value, name)
    return type === 'text or null' ? field === null || typeof field === 'string' : typeof field === type
  })
}

export interface FileReport {
  ok: boolean
  laneId: string | null
  records: number
  seq: number
  head: string
  checkpoints: number
  /** Short names of the keys that were trusted: the first half of each one's SHA-256. */
  keyIds: string[]
  finding: Finding | null
}

/**
 * Verifies the lines of a JSONL export against checkpoints.
 * @param pem the keys to trust (SPKI PEM, one after the other); without them those that the checkpoints carry, whose
 *   ids are reported.
 */
export async function verifyLines(
  lines: Iterable<string> | AsyncIterable<string>,
  checkpoints: readonly Checkpoint[] = [],
  pem?: string,
): Promise<FileReport> {
  let walker: Walker | null = null
  let laneId: string | null = checkpoints[0]?.laneId ?? null
  let unreadable: Finding | null = null
  let number = 0
  const trusted = keysById(pem ?? checkpoints.map((one) => one.publicKey ?? '').join('\n'))
  const keyOf = (one: Checkpoint): string | undefined => trusted.get(one.keyId)
  let signed = anchorsOf([], keyOf)
  for await (const line of lines) {
    if (line.trim() === '' || unreadable) continue
    number += 1
    const value = parse(line)
    if (!isChainRecord(value)) {
      unreadable = { seq: number, kind: 'edited', expected: 'a record', found: 'an unreadable line' }
      continue
    }
    if (!walker) {
      // With checkpoints of several lanes in one file, the trail's first record says which are meant.
      const lanes = new Set(checkpoints.map((one) => one.laneId))
      laneId = lanes.size === 1 && laneId !== null ? laneId : value.laneId
      signed = anchorsOf(
        checkpoints.filter((one) => one.laneId === laneId),
        keyOf,
      )
      walker = createWalker(laneId, signed.anchors)
    }
    walker.push(value)
  }
  signed = walker ? signed : anchorsOf(checkpoints, keyOf)
  const walked = (walker ?? createWalker(laneId ?? '')).finish()
  const first = walked.finding ?? unreadable
  const finding = conclude({ ...walked, finding: first }, { checkpoint: signed.finding, last: signed.last })
  return {
    ok: finding === null,
    laneId,
    records: walked.records,
    seq: walked.end.seq,
    head: walked.end.hash,
    checkpoints: signed.anchors.size,
    keyIds: [...trusted.keys()],
    finding,
  }
}

/** A key is named by the hash of its text, so no other one can stand in for it. */
function keysById(pem: string): Map<string, string> {
  const found = pem.match(/-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----/g) ?? []
  const keys = found.map((key) => `${key.replaceAll('\r', '')}\n`)
  return new Map(keys.map((key) => [sha256(key).slice(0, 16), key]))
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(path, 'utf8')) {
    const parts = `${rest}${String(chunk)}`.split('\n')
    rest = parts.pop() ?? ''
    yield* parts
  }
  yield rest
}

/** Runs as a command. @returns the exit code: 0 sound, 1 tampered with, 2 used wrongly. */
export async function main(args: readonly string[], say: (text: string) => void): Promise<number> {
  const [exported, signed, key] = args
  if (exported === undefined) {
    say('Usage: node verify-export.ts export.jsonl [checkpoints.jsonl [keys.pem]]')
    say('Fetch the checkpoints before the export: a checkpoint signed after it would be reported as a truncation.')
    return 2
  }
  const checkpoints: Checkpoint[] = []
  let torn = 0
  if (signed !== undefined)
    for await (const line of linesOf(signed)) {
      if (line.trim() === '') continue
      const checkpoint = parse(line) as Checkpoint | undefined
      // A crash may have torn a line of the file; it counts for nothing.
      if (checkpoint) checkpoints.push(checkpoint)
      else torn += 1
    }
  const report = await verifyLines(
    linesOf(exported),
    checkpoints,
    key === undefined ? undefined : readFileSync(key, 'utf8'),
  )
  say(JSON.stringify({ ...report, torn }, null, 2))
  return report.ok ? 0 : 1
}

function isProgram(): boolean {
  try {
    return process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename
  } catch {
    return false
  }
}

if (isProgram()) process.exitCode = await main(process.argv.slice(2), (text) => process.stdout.write(`${text}\n`))
