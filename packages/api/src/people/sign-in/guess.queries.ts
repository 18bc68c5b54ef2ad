import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'
import type { Sweep } from '../../core/area.ts'
import type { MainTx } from '../../core/context.ts'

export const findGuesses = prepare((db: Reader<MainSchema>, p: Params<{ subject: string }>) =>
  db.selectFrom('sign_in_guess').select(['failures', 'last_at']).where('subject', '=', p.subject),
)

/** No row where one is already. */
export const insertGuess = prepareWrite((tx: Tx<MainSchema>, p: Params<{ subject: string; at: string }>) =>
  tx
    .insertInto('sign_in_guess')
    .values({ subject: p.subject, failures: 1, last_at: p.at })
    .onConflict((clash) => clash.column('subject').doNothing()),
)

/** No row when somebody else has counted since `seen`. */
export const setGuesses = prepareWrite(
  (tx: Tx<MainSchema>, p: Params<{ subject: string; seen: number; failures: number; at: string }>) =>
    tx
      .updateTable('sign_in_guess')
      .set({ failures: p.failures, last_at: p.at })
      .where('subject', '=', p.subject)
      .where('failures', '=', p.seen),
)

/** One that was no guess. */
export const takeBackGuess = prepareWrite((tx: Tx<MainSchema>, p: Params<{ subject: string }>) =>
  tx
    .updateTable('sign_in_guess')
    .set((eb) => ({ failures: eb('failures', '-', 1) }))
    .where('subject', '=', p.subject)
    .where('failures', '>', 0),
)

export const forgetGuesses = prepareWrite((tx: Tx<MainSchema>, p: Params<{ subject: string }>) =>
  tx.deleteFrom('sign_in_guess').where('subject', '=', p.subject),
)

export const personByEmail = prepare((db: Reader<MainSchema>, p: Params<{ email: string }>) =>
  db.selectFrom('user').select('id').where('email', '=', p.email),
)

export const personById = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('user').select(['email', 'display_name']).where('id', '=', p.userId),
)

/** Everybody's. */
export async function forgetAllGuesses(tx: MainTx): Promise<void> {
  await tx.deleteFrom('sign_in_guess').execute()
}

/** Wrong guesses that count no longer. @returns how many. */
export async function sweepGuesses(tx: MainTx, { before, limit }: Sweep): Promise<number> {
  const stale = tx.selectFrom('sign_in_guess').select('subject').where('last_at', '<', before).limit(limit)
  const { numDeletedRows } = await tx.deleteFrom('sign_in_guess').where('subject', 'in', stale).executeTakeFirst()
  return Number(numDeletedRows)
}
