import type { MainSchema, OutboxTable, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'
import type { MainTx } from '../context.ts'

/** Work that waits for machines elsewhere. */
export type SlowTopic = 'mail.send'

type Due = Params<{ now: string; limit: number }>

const due = (db: Reader<MainSchema>, p: Due) =>
  db.selectFrom('outbox').selectAll().where('run_after', '<=', p.now).orderBy('run_after').orderBy('id').limit(p.limit)

export const findDue = prepare((db: Reader<MainSchema>, p: Due) => due(db, p).where('topic', '<>', 'mail.send'))
export const findSlowDue = prepare((db: Reader<MainSchema>, p: Due) => due(db, p).where('topic', '=', 'mail.send'))

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

export interface Sweep {
  /** What ended before this time goes. */
  before: string
  limit: number
}

/** Deletes a batch of rows that have run out. @returns how many. */
export type Sweeper = (tx: MainTx, sweep: Sweep) => Promise<number>

const expired =
  (table: 'session' | 'verification' | 'workspace_move' | 'bot_signing_secret'): Sweeper =>
  async (tx, { before, limit }) => {
    const stale = tx.selectFrom(table).select('id').where('expires_at', '<', before).limit(limit)
    const { numDeletedRows } = await tx.deleteFrom(table).where('id', 'in', stale).executeTakeFirst()
    return Number(numDeletedRows)
  }

export const sweepSessions = expired('session')
export const sweepVerifications = expired('verification')
export const sweepMoves = expired('workspace_move')
export const sweepSigningSecrets = expired('bot_signing_secret')

/** Wrong guesses that count no longer. */
export const sweepGuesses: Sweeper = async (tx, { before, limit }) => {
  const stale = tx.selectFrom('sign_in_guess').select('subject').where('last_at', '<', before).limit(limit)
  const { numDeletedRows } = await tx.deleteFrom('sign_in_guess').where('subject', 'in', stale).executeTakeFirst()
  return Number(numDeletedRows)
}

export const sweepIdempotency: Sweeper = async (tx, { before, limit }) => {
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
