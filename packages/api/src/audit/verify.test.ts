import type { MainSchema, Tx } from '@steward/db'
import { eachDialect } from '@steward/db/testing'
import fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { genesis } from '../core/write/audit-chain.ts'
import { makeKeys } from '../core/secrets.ts'
import { checkpointLane, checkpointMovedLanes } from './checkpoint.service.ts'
import { fileCheckpointSink, readCheckpointFile } from './checkpoint-sink.ts'
import { auditFixture, hashOf, withKey } from './fixture.testing.ts'
import { verifyAll, verifyChain } from './verify.service.ts'
import type { Checkpoint } from './verify-export.ts'
import { verifyLines } from './verify-export.ts'

type Fixture = Awaited<ReturnType<typeof auditFixture>>
type Row = MainSchema['audit_record']

function checkpointFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-checkpoints-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'checkpoints.jsonl')
}

/** What somebody with the database in hands can do: rows are immutable, so they are taken out and put back. */
function tampering(s: Fixture) {
  const edit = (fn: (tx: Tx<MainSchema>) => Promise<unknown>) => s.main.write(async (tx) => void (await fn(tx)))
  const rows = () =>
    s.main.reader.selectFrom('audit_record').selectAll().where('lane_id', '=', s.workspaceId).orderBy('seq').execute()
  const replace = (change: (rows: Row[]) => Row[]) =>
    edit(async (tx) => {
      const now = await tx.selectFrom('audit_record').selectAll().where('lane_id', '=', s.workspaceId).execute()
      await tx.deleteFrom('audit_record').where('lane_id', '=', s.workspaceId).execute()
      for (const row of change(now.toSorted((a, b) => a.seq - b.seq)))
        await tx.insertInto('audit_record').values(row).execute()
    })
  const setHead = (seq: number, head: string) =>
    edit((tx) =>
      tx
        .updateTable('lane')
        .set({ audit_seq: seq, audit_head: head, version: seq })
        .where('id', '=', s.workspaceId)
        .execute(),
    )
  return { edit, rows, replace, setHead }
}

/** Computes the whole chain anew, as a forger with the code would. */
function rechain(rows: Row[]): Row[] {
  let prev = genesis
  return rows.map((row, i) => {
    const next = { ...row, seq: i + 1, prev }
    prev = hashOf(next)
    return { ...next, hash: prev }
  })
}

function rehashed(row: Row): Row {
  return { ...row, hash: hashOf(row) }
}

/** Columns that the hash of a record covers, and a forger may set. */
const covered = ['at', 'actor_kind', 'actor_id', 'action', 'operation', 'resource_id', 'request_id', 'prev'] as const

eachDialect('verifying', (open) => {
  async function fixture(records = 8) {
    const s = await auditFixture(await open())
    await s.grow(records)
    return { ...s, ...tampering(s), verify: () => verifyChain(s.app, s.workspaceId) }
  }

  it('finds nothing wrong with a sound chain, page after page', async () => {
    const s = await fixture(0)
    await s.fill(1005)
    await checkpointLane(s.app, s.workspaceId)
    const report = await s.verify()
    expect(report).toMatchObject({ ok: true, records: 1005, seq: 1005, checkpoints: 1, erased: 0, finding: null })
    const viaProcedure = await s.call(s.manager.actor).audit.verify({ id: s.workspaceId })
    expect(viaProcedure.report).toEqual(report)
  })

  it('follows one chain at a time, and refuses who comes when many wait', async () => {
    const s = await auditFixture(await open())
    await s.grow(2)
    const verify = () => s.call(s.manager.actor).audit.verify({ id: s.workspaceId })
    // The first goes on when three have been refused: one is followed, eight wait.
    const enough = Promise.withResolvers<void>()
    const snapshot = s.main.snapshot.bind(s.main)
    vi.spyOn(s.main, 'snapshot').mockImplementationOnce(async (fn) => {
      await enough.promise
      return snapshot(fn)
    })
    const refused: unknown[] = []
    const refuse = (cause: unknown) => {
      if (refused.push(cause) === 3) enough.resolve()
    }
    await Promise.all(Array.from({ length: 12 }, () => verify().catch(refuse)))
    expect(refused).toHaveLength(3)
    for (const one of refused) expect(one).toMatchObject({ type: 'RateLimited', metadata: { resetSeconds: 10 } })
    expect((await verify()).report).toMatchObject({ ok: true, records: 2 })
  })

  it('finds an edit, a deletion, an insertion, a swap and a cut, and says where', async () => {
    const cases: [string, number, (rows: Row[]) => Row[]][] = [
      ['edited', 3, (rows) => rows.map((row) => (row.seq === 3 ? { ...row, actor_id: 'somebody else' } : row))],
      // The record is sound in itself; only the next one tells that it was another.
      ['edited', 3, (rows) => rows.map((row) => (row.seq === 3 ? rehashed({ ...row, actor_id: 'somebody' }) : row))],
      ['edited', 1, (rows) => rows.map((row) => (row.seq === 1 ? rehashed({ ...row, prev: 'f'.repeat(64) }) : row))],
      ['deleted', 3, (rows) => rows.filter((row) => row.seq !== 3)],
      ['deleted', 3, (rows) => rows.filter((row) => row.seq !== 3).map((row, i) => ({ ...row, seq: i + 1 }))],
      ['cut', 6, (rows) => rows.slice(0, 5)],
      ['swapped', 3, (rows) => swap(rows, 2, 3)],
      ['swapped', 2, (rows) => swap(rows, 1, 6)],
      ['inserted', 4, (rows) => insert(rows, 3)],
      ['inserted', 9, (rows) => rechain([...rows, { ...(rows[0] as Row), id: 'audit_forged' }])],
    ]
    const s = await fixture()
    const sound = await s.rows()
    for (const [kind, seq, change] of cases) {
      await s.replace(() => change(sound))
      expect((await s.verify()).finding).toMatchObject({ kind, seq })
    }
    await s.replace(() => sound)
    expect(await s.verify()).toMatchObject({ ok: true })
  })

  it('finds any record that was changed and its own hash made anew, wherever it stands', async () => {
    const s = await fixture()
    await checkpointLane(s.app, s.workspaceId)
    const sound = await s.rows()
    await fc.assert(
      fc.asyncProperty(fc.nat(7), fc.constantFrom(...covered), fc.string(), async (at, column, text) => {
        const other = sound[at]?.[column] === text ? `${text}.` : text
        await s.replace(() => sound.map((row, i) => (i === at ? rehashed({ ...row, [column]: other }) : row)))
        expect((await s.verify()).ok).toBe(false)
      }),
      { numRuns: 40 },
    )
  })

  it('finds a payload whose beginning was moved into the salt', async () => {
    const s = await fixture(0)
    await s.grow(1, 'v1.2')
    const { main } = s
    const [row] = await main.reader.selectFrom('audit_payload').selectAll().execute()
    const [before = '', ...after] = row?.payload.split('.') ?? []
    const moved = { salt: `${row?.salt}.${before}`, payload: after.join('.') }
    await s.edit((tx) => tx.updateTable('audit_payload').set(moved).execute())
    expect((await s.verify()).finding).toMatchObject({ kind: 'edited', seq: 1 })
    expect((await verifyLines((await s.exported('jsonl')).split('\n'))).finding).toMatchObject({
      kind: 'edited',
      seq: 1,
    })
  })

  it('finds a changed payload, and one that is gone without an erasure', async () => {
    const s = await fixture()
    const [, , third] = await s.rows()
    await s.edit((tx) =>
      tx
        .updateTable('audit_payload')
        .set({ payload: '{}' })
        .where('record_id', '=', third?.id ?? '')
        .execute(),
    )
    expect((await s.verify()).finding).toMatchObject({ kind: 'edited', seq: 3 })
    const t = await fixture()
    const gone = (await t.rows())[1]
    await t.edit((tx) =>
      tx
        .deleteFrom('audit_payload')
        .where('record_id', '=', gone?.id ?? '')
        .execute(),
    )
    expect((await t.verify()).finding).toMatchObject({ kind: 'erased', seq: 2 })
  })

  it('holds the chain against the row of the lane', async () => {
    const s = await fixture()
    await s.setHead(8, 'f'.repeat(64))
    expect((await s.verify()).finding).toMatchObject({ kind: 'head', seq: 8 })
    await s.edit((tx) => tx.deleteFrom('lane').where('id', '=', s.workspaceId).execute())
    expect((await s.verify()).finding).toMatchObject({ kind: 'head', seq: 1 })
    const all = await verifyAll(s.app)
    expect(all.problems.map((one) => one.laneId)).toEqual([s.workspaceId])
  })

  it('finds by a checkpoint what was computed anew as a whole', async () => {
    const s = await fixture()
    await checkpointLane(s.app, s.workspaceId)
    await s.replace((rows) => rechain(rows.map((row) => (row.seq === 3 ? { ...row, action: 'UNKNOWN' } : row))))
    const forged = await s.rows()
    await s.setHead(8, forged.at(-1)?.hash ?? '')
    expect((await s.verify()).finding).toMatchObject({ kind: 'rewritten', seq: 8 })
  })

  it('finds a tail that was cut with the row of the lane and the checkpoints, by the second place', async () => {
    const s = await fixture()
    const path = checkpointFile()
    await checkpointLane(s.app, s.workspaceId, fileCheckpointSink(path))
    const { checkpoints } = await readCheckpointFile(path)
    await s.replace((rows) => rows.slice(0, 5))
    const fifth = (await s.rows()).at(-1)
    await s.setHead(5, fifth?.hash ?? '')
    expect((await s.verify()).finding).toMatchObject({ kind: 'cut', seq: 6 })
    await s.edit((tx) => tx.deleteFrom('audit_checkpoint').execute())
    expect((await s.verify()).ok).toBe(true)
    expect((await verifyChain(s.app, s.workspaceId, { checkpoints })).finding).toMatchObject({ kind: 'cut', seq: 6 })
    expect((await verifyAll(s.app, undefined, { checkpoints })).problems).toHaveLength(1)
    await s.edit((tx) => tx.deleteFrom('audit_record').execute())
    await s.edit((tx) => tx.deleteFrom('lane').execute())
    expect((await verifyAll(s.app)).problems).toEqual([])
    expect((await verifyAll(s.app, undefined, { checkpoints })).problems).toMatchObject([{ finding: { kind: 'cut' } }])
  })

  it('refuses checkpoints that are forged or signed by a key it does not know', async () => {
    const s = await fixture()
    await checkpointLane(s.app, s.workspaceId)
    const set = (change: object) => s.edit((tx) => tx.updateTable('audit_checkpoint').set(change).execute())
    await set({ head: 'f'.repeat(64) })
    expect((await s.verify()).finding).toMatchObject({ kind: 'checkpoint', seq: 8 })
    const stranger = makeKeys(new Uint8Array(32).fill(9), s.app.ids)
    await s.edit((tx) => tx.deleteFrom('audit_checkpoint').execute())
    await checkpointLane(s.app, s.workspaceId)
    await set({ key_id: stranger.keyId })
    expect((await s.verify()).finding).toMatchObject({ kind: 'checkpoint', found: `the unknown key ${stranger.keyId}` })
  })

  it('takes checkpoints of a former key when told that key', async () => {
    const s = await fixture()
    const { keyId, publicKey } = s.app.keys
    await checkpointLane(s.app, s.workspaceId)
    const app = withKey(s.app, 9)
    expect((await verifyChain(app, s.workspaceId)).finding).toMatchObject({ kind: 'checkpoint' })
    const keys = new Map([[keyId, publicKey]])
    expect(await verifyChain(app, s.workspaceId, { keys })).toMatchObject({ ok: true, checkpoints: 1 })
  })

  it('signs what moved, once, and nothing that does not hang together', async () => {
    const s = await fixture(3)
    const made: Checkpoint[] = []
    const sink = { append: async (one: Checkpoint) => void made.push(one) }
    expect(await checkpointMovedLanes(s.app, sink)).toBe(1)
    expect(await checkpointMovedLanes(s.app, sink)).toBe(0)
    await s.grow(2)
    expect(await checkpointMovedLanes(s.app, sink)).toBe(1)
    expect(made.map((one) => one.seq)).toEqual([3, 5])
    const listed = await s.call(s.manager.actor).audit.listCheckpoints({ id: s.workspaceId, pageSize: 1 })
    expect(listed.checkpoints).toEqual([made[1]])
    const nextToken = listed.meta.nextToken ?? ''
    const older = await s.call(s.manager.actor).audit.listCheckpoints({ id: s.workspaceId, pageSize: 1, nextToken })
    expect(older).toEqual({ checkpoints: [made[0]], meta: {} })
    await s.grow(2)
    await s.replace((rows) => rows.map((row) => (row.seq === 6 ? { ...row, action: 'UNKNOWN' } : row)))
    await expect(checkpointLane(s.app, s.workspaceId, sink)).rejects.toThrow(/broken at record 6/)
    expect(await checkpointMovedLanes(s.app, sink)).toBe(0)
    expect(made).toHaveLength(2)
  })

  it('reads a checkpoint file whose last line a crash has torn', async () => {
    const s = await fixture(2)
    const path = checkpointFile()
    const sink = fileCheckpointSink(path)
    expect(await readCheckpointFile(path)).toEqual({ checkpoints: [], torn: 0 })
    await checkpointLane(s.app, s.workspaceId, sink)
    await appendFile(path, '{"laneId":"wksp')
    await s.grow(1)
    await checkpointLane(s.app, s.workspaceId, sink)
    const read = await readCheckpointFile(path)
    expect([read.checkpoints.map((one) => one.seq), read.torn]).toEqual([[2, 3], 1])
  })

  it('verifies every lane and says how far it is', async () => {
    const s = await fixture(4)
    await s.call(s.owner.actor).member.invite({ workspaceId: s.workspaceId, email: 'x@example.com', role: 'viewer' })
    const progress: number[] = []
    const report = await verifyAll(s.app, ({ records }) => progress.push(records))
    expect(report).toEqual({ lanes: 1, records: 5, problems: [] })
    expect(progress).toEqual([5])
  })
})

function swap(rows: Row[], a: number, b: number): Row[] {
  const out = [...rows]
  const [one, two] = [rows[a] as Row, rows[b] as Row]
  out[a] = { ...two, seq: one.seq }
  out[b] = { ...one, seq: two.seq }
  return out
}

/** Puts a record that is sound in itself before the one at `at`; the schema refuses two successors of one record. */
function insert(rows: Row[], at: number): Row[] {
  const forged = { ...(rows[at] as Row), id: 'audit_forged', prev: 'f'.repeat(64) }
  const later = rows.slice(at).map((row) => ({ ...row, seq: row.seq + 1 }))
  return [...rows.slice(0, at), { ...forged, hash: hashOf(forged) }, ...later]
}
