import type { MainSchema, Params, Reader, Tx } from '@steward/db'
import { prepare, prepareWrite } from '@steward/db'
import type { Db, MainTx } from '../../core/context.ts'

type NewRow<T extends keyof MainSchema> = MainSchema[T]

export const findUser = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('user').selectAll().where('id', '=', p.userId),
)

export const findUserByEmail = prepare((db: Reader<MainSchema>, p: Params<{ email: string }>) =>
  db.selectFrom('user').select(['id', 'email', 'operator', 'claimed']).where('email', '=', p.email),
)

/** The people who operate this installation, oldest first. */
export function listOperators(db: Db) {
  return db
    .selectFrom('user')
    .select(['id', 'email', 'display_name', 'claimed'])
    .where('operator', '=', 1)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function anyoneExists(db: Db): Promise<boolean> {
  return (await db.selectFrom('user').select('id').limit(1).executeTakeFirst()) !== undefined
}

export async function insertUser(tx: MainTx, row: NewRow<'user'>): Promise<void> {
  await tx.insertInto('user').values(row).execute()
}

export type UserPatch = Partial<Pick<NewRow<'user'>, 'display_name' | 'picture' | 'email' | 'claimed' | 'operator'>>

export async function updateUser(tx: MainTx, userId: string, patch: UserPatch & { updated_at: string }): Promise<void> {
  await tx.updateTable('user').set(patch).where('id', '=', userId).execute()
}

/** @returns whether it was on. */
export async function turnSecondFactorOff(tx: MainTx, userId: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('user')
    .set({ two_factor_enabled: 0, updated_at: now })
    .where('id', '=', userId)
    .where('two_factor_enabled', '=', 1)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Turns everybody's second factor off. @returns the people who had one. */
export async function turnSecondFactorsOff(tx: MainTx): Promise<string[]> {
  const rows = await tx
    .updateTable('user')
    .set({ two_factor_enabled: 0 })
    .where('two_factor_enabled', '=', 1)
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

/** Tokens, sessions and ways of signing in go with the person. Their workspaces and accounts must be gone. */
export const deleteUser = prepareWrite((tx: Tx<MainSchema>, p: Params<{ userId: string }>) =>
  tx.deleteFrom('user').where('id', '=', p.userId),
)

export const userExists = prepare((db: Reader<MainSchema>, p: Params<{ userId: string }>) =>
  db.selectFrom('user').select('id').where('id', '=', p.userId),
)
