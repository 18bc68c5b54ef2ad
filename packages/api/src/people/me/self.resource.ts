import { beginContext, boundWorkspace } from '../../core/access/access.ts'
import type { Resource } from '../../core/access/resource.ts'
import { changesThePerson } from '../../core/access/rule.ts'
import type { SelfContext } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import { userExists } from './me.queries.ts'

/** The person who asks. */
export const selfResource: Resource<SelfContext> = {
  targetOf: () => ({}),
  isNamed: () => false,
  async mint(ctx, db, { permission, rule }) {
    const { actor } = ctx
    if (actor.kind !== 'user') throw new ApiError('Forbidden', 'Only a person can do this.', { permission })
    if (boundWorkspace(ctx) !== null && changesThePerson(rule))
      throw new ApiError('Forbidden', 'A token bound to one workspace cannot change the person it belongs to.', {
        permission,
      })
    if (!(await userExists.first(db, { userId: actor.userId })))
      throw new ApiError('Unauthorized', 'This person no longer exists.')
    return { ...beginContext(ctx, permission, { kind: 'user', id: actor.userId }), scope: 'self', userId: actor.userId }
  },
  exists: async () => true,
}
