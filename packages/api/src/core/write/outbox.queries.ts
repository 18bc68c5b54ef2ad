import type { MainSchema, OutboxTable, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'
import type { Sweep } from '../area.ts'
import type { MainTx } from '../context.ts'

type Due = Params<{ now: string; limit: number }>

/** Messages that are due, of the given topics or of all others. */
export const dueMessages = (topics: readonly string[], which: 'these' | 'others') =>
  prepare((db: Reader<MainSchema>, p: Due) =>
    db
      .selectFrom('outbox')
      .selectAll()
      .where('run_after', '<=', p.now)
      .where('topic', which === 'these' ? 'in' : 'not in', topics)
      .orderBy('run_after')
      .orderBy('id')
      .limit(p.limit),
  )

/** When the first message is due that is there, of the given topics or of all others. */
export const firstDue = (topics: readonly string[], which: 'these' | 'others') =>
  prepare((db: Reader<MainSchema>) =>
    db
      .selectFrom('outbox')
      .select('run_after')
      .where('topic', which === 'these' ? 'in' : 'not in', topics)
      .orderBy('run_after')
      .limit(1),
  )

type Seen = Pick<OutboxTable, 'id' | 'run_after'>

/** Puts the message out of the others' sight until `until`. Resolves to 0 when somebody else was faster. */
export const claim = prepareWrite((tx: Tx<MainSchema>, p: Params<Seen & { until: string; attempts: number }>) =>
  tx
    .updateTable('outbox')
    .set({ run_after: p.until, attempts: p.attempts })
    .where('id', '=', p.id)
    .where('run_after', '=', p.run_after),
)

export const settle = prepareWrite((tx: Tx<MainSchema>, p: Params<Seen>) =>
  tx.deleteFrom('outbox').where('id', '=', p.id).where('run_after', '=', p.run_after),
)

export const putOff = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<Seen & { until: string; attempts: number; last_error: string | null }>) =>
    tx
      .updateTable('outbox')
      .set({ run_after: p.until, attempts: p.attempts, last_error: p.last_error })
      .where('id', '=', p.id)
      .where('run_after', '=', p.run_after),
)

export async function sweepIdempotency(tx: MainTx, { before, limit }: Sweep): Promise<number> {
  const { numDeletedRows } = await tx
    .deleteFrom('idempotency')
    .where((eb) =>
      eb(
        eb.refTuple('actor_id', 'key'),
        'in',
        eb
          .selectFrom('idempotency as old')
          .select(['old.actor_id', 'old.key'])
          .where('old.created_at', '<', before)
          .limit(limit)
          .$asTuple('actor_id', 'key'),
      ),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}
