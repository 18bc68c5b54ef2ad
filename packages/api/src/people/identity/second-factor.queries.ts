import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'
import type { MainTx } from '../../core/context.ts'

/** Whether the person has turned a second factor on, and whether this session was opened with that of a provider. */
export const secondFactorOf = prepare((db: Reader<MainSchema>, p: Params<{ userId: string; sessionId: string }>) =>
  db
    .selectFrom('user as u')
    .select((eb) => [
      'u.two_factor_enabled',
      eb
        .selectFrom('session as s')
        .select('s.second_factor')
        .where('s.id', '=', p.sessionId)
        .whereRef('s.user_id', '=', 'u.id')
        .as('by_provider'),
    ])
    .where('u.id', '=', p.userId),
)

export const lastStep = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('two_factor').select('last_step').where('user_id', '=', p.userId),
)

/** No row when this code or a later one was taken before. */
export const spendStep = prepareWrite((tx: Tx<MainSchema>, p: Params<{ userId: string; step: number }>) =>
  tx
    .updateTable('two_factor')
    .set({ last_step: p.step })
    .where('user_id', '=', p.userId)
    .where((eb) => eb.or([eb('last_step', 'is', null), eb('last_step', '<', p.step)])),
)

export async function deleteSecondFactor(tx: MainTx, userId: string): Promise<void> {
  await tx.deleteFrom('two_factor').where('user_id', '=', userId).execute()
}

/** Everybody's. */
export async function deleteSecondFactors(tx: MainTx): Promise<void> {
  await tx.deleteFrom('two_factor').execute()
}
