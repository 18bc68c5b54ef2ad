import type { WriteOptions } from '@steward/db'
import type { Lane, MainTx } from '../context.ts'
import { KeyReplaced } from '../secrets.ts'
import { genesis } from './audit-chain.ts'
import { holdLane, insertLane, takeLane } from './write.queries.ts'

/** A lane that is ours until the commit. */
export interface LaneState {
  lane: Lane
  version: number
  seq: number
  head: string
}

type Take = typeof takeLane | typeof holdLane

/**
 * Takes lanes to move them, always in one order, so that nobody waits for somebody who waits for them.
 * @param ours the key that this process has; null for any.
 * @throws KeyReplaced
 */
export function takeLanes(tx: MainTx, lanes: readonly Lane[], ours: string | null): Promise<LaneState[]> {
  return takenBy(takeLane, tx, { lanes, ours })
}

/** The same for work that leaves the lanes as they are: nothing is written for it. @throws KeyReplaced */
export async function holdLanes(tx: MainTx, lanes: readonly Lane[], ours: string): Promise<void> {
  await takenBy(holdLane, tx, { lanes, ours })
}

/** What a write that takes these lanes will wait for. */
export function turnOf(lanes: readonly Lane[]): Pick<WriteOptions, 'turn'> {
  const turn = inOrder(lanes)[0]?.id
  return turn === undefined ? {} : { turn }
}

/** The same for writes that hold exactly these lanes, and share a commit with others that do. */
export function togetherOn(lanes: readonly Lane[]): WriteOptions {
  const together = inOrder(lanes)
    .map(({ id }) => id)
    .join(' ')
  return { ...turnOf(lanes), together }
}

function inOrder(lanes: readonly Lane[]): readonly Lane[] {
  return lanes.length < 2 ? lanes : lanes.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

async function takenBy(
  take: Take,
  tx: MainTx,
  { lanes, ours }: { lanes: readonly Lane[]; ours: string | null },
): Promise<LaneState[]> {
  const states: LaneState[] = []
  for (const lane of inOrder(lanes)) {
    let row = await take.first(tx, { id: lane.id })
    if (!row) {
      await insertLane.run(tx, { id: lane.id, kind: lane.kind, head: genesis })
      row = await take.first(tx, { id: lane.id })
    }
    if (!row) throw new Error(`The lane ${lane.id} could not be taken.`)
    if (ours !== null && row.key_in_use !== null && row.key_in_use !== ours) throw new KeyReplaced()
    states.push({ lane, version: row.version, seq: row.audit_seq, head: row.audit_head })
  }
  return states
}
