import { beginContext, boundElsewhere, requireNamed } from '../../core/access/access.ts'
import type { Resource } from '../../core/access/resource.ts'
import { textOf } from '../../core/access/resource.ts'
import type { AccountContext } from '../../core/context.ts'
import { notFound } from '../../core/errors.ts'
import { accountExists, administersAccount } from './account-access.queries.ts'

/** An account, to who administers it. */
export const accountResource: Resource<AccountContext> = {
  targetOf: (input, at = 'accountId') => ({ accountId: textOf(input, at) }),
  isNamed: ({ accountId }) => Boolean(accountId),
  async mint(ctx, db, { permission, target }) {
    const accountId = requireNamed(target.accountId, 'accountId')
    const { actor } = ctx
    const visible =
      actor.kind === 'user' && boundElsewhere(ctx, null)
        ? undefined
        : actor.kind === 'user'
          ? await administersAccount.first(db, { accountId, userId: actor.userId })
          : await accountExists.first(db, { accountId })
    if (!visible) throw notFound('account', accountId)
    return { ...beginContext(ctx, permission, { kind: 'account', id: accountId }), scope: 'account', accountId }
  },
  async exists(db, { accountId }) {
    return !accountId || (await accountExists.first(db, { accountId })) !== undefined
  },
  async standingOf(db, { id, userId }) {
    if (await administersAccount.first(db, { accountId: id, userId })) return 'administrator'
    return (await accountExists.first(db, { accountId: id })) ? null : 'gone'
  },
}
