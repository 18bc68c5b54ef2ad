import { eachDialect, runs } from '@steward/db/testing'
import fc from 'fast-check'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { linkHash, payloadHash } from '../core/write/audit-chain.ts'
import { checkpointLane } from './checkpoint.service.ts'
import { auditFixture } from './fixture.testing.ts'
import { type ChainRecord, type Checkpoint, verifyLines } from './verify-export.ts'

const program = new URL('verify-export.ts', import.meta.url)

interface Export {
  records: ChainRecord[]
  checkpoints: Checkpoint[]
}

type Tampering = (records: ChainRecord[]) => ChainRecord[]

/** Any one of: a field edited, with the record's own hash made anew or not, a record deleted, inserted, two swapped, the tail cut. */
function tamperings(count: number): fc.Arbitrary<{ name: string; apply: Tampering }> {
  const at = fc.nat({ max: count - 1 })
  const edits = fc.tuple(at, fc.constantFrom(...fieldNames), fc.string()).map(([i, field, text]) => ({
    name: `edit ${field} of ${i + 1}`,
    apply: (records: ChainRecord[]) => records.map((one, n) => (n === i ? edited(one, field, text) : one)),
  }))
  const forgeries = fc.tuple(at, fc.constantFrom(...hashedNames), fc.string()).map(([i, field, text]) => ({
    name: `forge ${field} of ${i + 1}`,
    apply: (records: ChainRecord[]) => records.map((one, n) => (n === i ? rehashed(edited(one, field, text)) : one)),
  }))
  const deletions = fc.tuple(at, fc.boolean()).map(([i, renumber]) => ({
    name: `delete ${i + 1}${renumber ? ' and renumber' : ''}`,
    apply: (records: ChainRecord[]) => numbered(records.toSpliced(i, 1), renumber),
  }))
  const insertions = fc.tuple(at, at, fc.boolean()).map(([from, to, renumber]) => ({
    name: `insert ${from + 1} at ${to + 1}${renumber ? ' and renumber' : ''}`,
    apply: (records: ChainRecord[]) => numbered(records.toSpliced(to, 0, ...records.slice(from, from + 1)), renumber),
  }))
  const swaps = fc
    .tuple(at, at, fc.boolean())
    .filter(([a, b]) => a !== b)
    .map(([a, b, renumber]) => ({
      name: `swap ${a + 1} and ${b + 1}${renumber ? ' and renumber' : ''}`,
      apply: (records: ChainRecord[]) => numbered(swapped(records, a, b), renumber),
    }))
  const cuts = at.map((i) => ({ name: `cut after ${i}`, apply: (records: ChainRecord[]) => records.slice(0, i) }))
  return fc.oneof(edits, forgeries, deletions, insertions, swaps, cuts)
}

const fieldNames: (keyof ChainRecord)[] = [
  'id',
  'laneId',
  'seq',
  'prev',
  'hash',
  'at',
  'actorKind',
  'actorId',
  'action',
  'operation',
  'resourceType',
  'resourceId',
  'requestId',
  'payloadHash',
  'salt',
  'payload',
]

const hashedNames = fieldNames.filter((name) => name !== 'hash' && name !== 'payloadHash')

/** Sound in itself, as a forger leaves it who does not follow the chain: payload hash and hash are those of its fields. */
function rehashed(record: ChainRecord): ChainRecord {
  const { salt, payload } = record
  const ofPayload = salt === null || payload === null ? record.payloadHash : payloadHash(salt, payload)
  return {
    ...record,
    payloadHash: ofPayload,
    hash: linkHash(record.seq, record.prev, { header: record, payloadHash: ofPayload }),
  }
}

function edited(record: ChainRecord, field: keyof ChainRecord, text: string): ChainRecord {
  if (field === 'seq') return { ...record, seq: record.seq + 1 + text.length }
  return { ...record, [field]: record[field] === text ? `${text}.` : text }
}

function numbered(records: ChainRecord[], renumber: boolean): ChainRecord[] {
  return renumber ? records.map((one, i) => ({ ...one, seq: i + 1 })) : records
}

function swapped(records: ChainRecord[], a: number, b: number): ChainRecord[] {
  return records.map((one, i) => (i === a ? records[b] : i === b ? records[a] : one) ?? one)
}

const lines = (records: ChainRecord[]): string[] => records.map((one) => JSON.stringify(one))

/** Every single tampering of an export must be found. `numRuns`: how many are tried. */
async function checkTamperings({ records, checkpoints }: Export, numRuns: number): Promise<void> {
  expect(await verifyLines(lines(records), checkpoints)).toMatchObject({ ok: true, records: records.length })
  await fc.assert(
    fc.asyncProperty(tamperings(records.length), async ({ apply }) => {
      const report = await verifyLines(lines(apply(records)), checkpoints)
      expect(report.ok).toBe(false)
      expect(report.finding?.seq).toBeGreaterThan(0)
    }),
    { numRuns },
  )
}

eachDialect('verifying an export', (open) => {
  async function fixture(): Promise<Export & { text: string }> {
    const s = await auditFixture(await open())
    await s.grow(9)
    const [record] = (await s.call(s.owner.actor).audit.list({ id: s.workspaceId })).records
    await s
      .call(s.owner.actor)
      .audit.erase({ id: s.workspaceId, userId: s.owner.userId, recordIds: [record?.id ?? ''] })
    await s.grow(2)
    await checkpointLane(s.app, s.workspaceId)
    const { checkpoints } = await s.call(s.owner.actor).audit.listCheckpoints({ id: s.workspaceId })
    const text = await s.exported('jsonl')
    const records = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ChainRecord)
    return { text, records, checkpoints }
  }

  it('finds each of many random tamperings', async () => {
    await expect(checkTamperings(await fixture(), runs(300, 0.2))).resolves.toBeUndefined()
  })

  it('names the kind and the place', async () => {
    const { records, checkpoints } = await fixture()
    const swap =
      (a: number, b: number): Tampering =>
      (all) =>
        swapped(all, a - 1, b - 1)
    const cases: [string, number, Tampering][] = [
      ['edited', 4, (all) => all.map((one) => (one.seq === 4 ? { ...one, at: 'later' } : one))],
      ['edited', 4, (all) => all.map((one) => (one.seq === 4 ? { ...one, payload: '{}' } : one))],
      ['edited', 4, (all) => all.map((one) => (one.seq === 4 ? { ...one, seq: 7 } : one))],
      ['edited', 4, (all) => all.map((one) => (one.seq === 4 ? rehashed({ ...one, at: 'later' }) : one))],
      ['edited', 4, (all) => all.map((one) => (one.seq === 4 ? rehashed({ ...one, payload: '{}' }) : one))],
      ['erased', 4, (all) => all.map((one) => (one.seq === 4 ? { ...one, payload: null, salt: null } : one))],
      ['deleted', 1, (all) => all.slice(1)],
      ['deleted', 4, (all) => all.toSpliced(3, 1)],
      ['deleted', 4, (all) => numbered(all.toSpliced(3, 2), true)],
      ['inserted', 4, (all) => all.toSpliced(3, 0, ...all.slice(1, 2))],
      ['inserted', 4, (all) => all.toSpliced(3, 0, { ...(all[3] as ChainRecord), id: 'forged' })],
      ['swapped', 4, swap(4, 5)],
      ['swapped', 4, swap(4, 8)],
      ['swapped', 4, (all) => numbered(swap(4, 8)(all), true)],
      ['cut', 12, (all) => all.slice(0, 11)],
      ['cut', 1, () => []],
    ]
    for (const [kind, seq, tamper] of cases) {
      const { finding } = await verifyLines(lines(tamper(records)), checkpoints)
      expect(finding).toMatchObject({ kind, seq })
    }
  })

  it('holds a trail against its own checkpoints only, where there are those of others too', async () => {
    const { records, checkpoints } = await fixture()
    const [own] = checkpoints
    const foreign = { ...(own as Checkpoint), laneId: 'wkspace_other', seq: 3 }
    const all = [foreign, ...checkpoints]
    expect(await verifyLines(lines(records), all)).toMatchObject({ ok: true, checkpoints: 1, finding: null })
    const cut = await verifyLines(lines(records.slice(0, 11)), all)
    expect(cut).toMatchObject({ ok: false, finding: { kind: 'cut', seq: 12 } })
  })

  it('runs by itself, without Steward, and says so by its exit code', { timeout: 30_000 }, async () => {
    const { text, checkpoints } = await fixture()
    const folder = mkdtempSync(join(tmpdir(), 'steward-export-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = (name: string, content: string): string => {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    }
    const alone = file('verify-export.ts', readFileSync(program, 'utf8'))
    const trail = file('export.jsonl', text)
    const signed = file('checkpoints.jsonl', checkpoints.map((one) => JSON.stringify(one)).join('\n'))
    const key = file('key.pem', checkpoints[0]?.publicKey ?? '')
    const run = promisify(execFile)
    const { stdout } = await run(process.execPath, [alone, trail, signed, key])
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, records: 12, checkpoints: 1, finding: null })
    const torn = file('torn.jsonl', `${checkpoints.map((one) => JSON.stringify(one)).join('\n')}\n{"laneId":"x","se`)
    const skipped = await run(process.execPath, [alone, trail, torn])
    expect(JSON.parse(skipped.stdout)).toMatchObject({ ok: true, checkpoints: 1, torn: 1 })
    const cut = file('cut.jsonl', text.split('\n').slice(0, 5).join('\n'))
    await expect(run(process.execPath, [alone, cut, signed])).rejects.toMatchObject({ code: 1 })
    expect(JSON.parse((await run(process.execPath, [alone, cut])).stdout)).toMatchObject({ ok: true, checkpoints: 0 })
    await expect(run(process.execPath, [alone])).rejects.toMatchObject({ code: 2 })
  })
})

it('imports nothing but Node', () => {
  const imports = readFileSync(program, 'utf8').matchAll(/^import .* from '([^']+)'/gm)
  expect([...imports].map((found) => found[1])).toEqual(['node:crypto', 'node:fs'])
})
