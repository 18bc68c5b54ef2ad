import { boundWorkspace } from '../../core/access/access.ts'
import type { AnyContext, Db } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import { findUser } from './me.queries.ts'

/** Lets the operator of the installation pass, and the command line. @throws Forbidden for everybody else. */
export async function requireOperator(ctx: AnyContext, db: Db): Promise<void> {
  const userId = actingUser(ctx)
  if (userId === null && ctx.actor.kind === 'system') return
  const person = userId === null ? undefined : await findUser.first(db, { userId })
  if (person?.operator !== 1 || boundWorkspace(ctx) !== null)
    throw new ApiError('Forbidden', 'Only the operator of this installation can do this.')
}
