import { iso } from '../../core/clock.ts'
import type { SelfContext } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import { read } from '../../core/write/read.ts'
import { write } from '../../core/write/write.ts'
import type { UserPatch } from './me.queries.ts'
import { findUser, updateUser } from './me.queries.ts'
import type { Account, GetAccountOutput, UpdateAccountInput, UpdateAccountOutput } from './me.schema.ts'

function gone(): ApiError {
  return new ApiError('Unauthorized', 'This person no longer exists.')
}

/** The profile of the person acting. */
export async function getAccount(ctx: SelfContext): Promise<GetAccountOutput> {
  const row = await read(ctx, (db) => findUser.first(db, { userId: ctx.userId }))
  if (!row) throw gone()
  return { account: toAccount(row) }
}

/**
 * Changes name and picture; an empty picture removes it. `refresh` changes nothing: the profile is kept here and an
 * identity provider only gives its first values.
 */
export function updateAccount(ctx: SelfContext, input: UpdateAccountInput): Promise<UpdateAccountOutput> {
  const patch: UserPatch = {}
  if (input.displayName !== undefined) patch.display_name = input.displayName
  if (input.profilePicture !== undefined) patch.picture = input.profilePicture || null
  return write(ctx, 'UNKNOWN', async (tx) => {
    const before = await findUser.first(tx, { userId: ctx.userId })
    if (!before) throw gone()
    const now = iso(ctx.app.clock.now())
    await updateUser(tx, ctx.userId, { ...patch, updated_at: now })
    const after = { ...before, ...patch, updated_at: now }
    return {
      answer: { account: toAccount(after) },
      changes: [{ type: 'user', id: ctx.userId }],
      audit: {
        type: 'user',
        id: ctx.userId,
        name: after.display_name,
        before: touched(before, patch),
        after: touched(after, patch),
      },
    }
  })
}

/** The fields of the patch as the row has them; a picture may be a whole image, so only whether there is one. */
function touched(row: { display_name: string; picture: string | null }, patch: UserPatch) {
  return {
    ...(patch.display_name === undefined ? {} : { displayName: row.display_name }),
    ...(patch.picture === undefined ? {} : { hasPicture: row.picture !== null }),
  }
}

interface UserRow {
  id: string
  email: string
  display_name: string
  email_verified: number
  picture: string | null
  created_at: string
}

function toAccount(row: UserRow): Account {
  return {
    id: row.id,
    email: row.email,
    displayName: row.display_name,
    emailVerified: row.email_verified === 1,
    ...(row.picture === null ? {} : { profilePicture: row.picture }),
    createdAt: row.created_at,
  }
}
