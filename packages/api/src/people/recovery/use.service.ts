import type { AppContext } from '../../core/app-context.ts'
import { iso } from '../../core/clock.ts'
import type { AnyoneContext, Db, MainTx } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import { read } from '../../core/write/read.ts'
import { isWellFormedToken, sha256 } from '../../core/secrets.ts'
import type { Change } from '../../core/write/write.ts'
import { write } from '../../core/write/write.ts'
import { endSignIns, removeSecondFactor, setPassword } from '../lifecycle/credentials.service.ts'
import { countTokens, deleteLinksOf, findLink, findPerson } from './recovery.queries.ts'
import { requireSafe } from './recovery.rules.ts'
import type { LookupInput, LookupOutput, UseInput, UseOutput } from './recovery.schema.ts'

/** What a link does, for whoever holds it. @throws ResourceNotFound; ResourceGone once it has run out. */
export async function lookupLink(ctx: AnyoneContext, { secret }: LookupInput): Promise<LookupOutput> {
  const row = await read(ctx, (db) => linkBySecret(ctx, db, secret))
  return {
    email: row.email,
    password: row.password === 1,
    secondFactor: row.second_factor === 1,
    expiresAt: row.expires_at,
  }
}

/**
 * Lets the holder of a link choose a new password, or removes the second factor. Every session and trusted device of the
 * person ends, and so do their other links; personal access tokens stay good. Nobody is signed in by it.
 * @throws ResourceNotFound, ResourceGone as `lookupLink`; InvalidPayload without the password that the link is for.
 */
export async function useLink(ctx: AnyoneContext, { secret, password }: UseInput): Promise<UseOutput> {
  const { app } = ctx
  const seen = await read(ctx, (db) => linkBySecret(ctx, db, secret))
  const { user_id: userId } = seen
  if (seen.password === 1 && password === undefined)
    throw new ApiError('InvalidPayload', '"password": enter a new password.')
  // Whoever holds a link has been let in by somebody, and is no stranger.
  const hash = seen.password === 1 && password !== undefined ? await app.signIn.hashPassword(password) : null
  const methodId = app.ids.uuid()
  const lanes = [{ kind: 'user', id: userId } as const]
  return write(ctx, { action: 'UNKNOWN', lanes, newcomer: userId }, async (tx) => {
    const link = await linkBySecret(ctx, tx, secret)
    const now = iso(app.clock.now())
    if (hash !== null) await setPassword(tx, { userId, hash, methodId, now })
    const had = link.second_factor === 1 && (await removeSecondFactor(tx, userId, now))
    const ended = await endSignIns(tx, userId)
    await deleteLinksOf.run(tx, { userId })
    const tokens = (await countTokens.first(tx, { userId, now }))?.count ?? 0
    return {
      answer: { email: link.email, tokens },
      changes: [{ type: 'user', id: userId }, ...ended.map((id): Change => ({ type: 'session', id, deleted: true }))],
      audit: {
        type: 'user',
        id: userId,
        name: link.email,
        value: [hash !== null && 'new password', had && 'second factor removed'].filter(Boolean).join(', '),
        before: had ? { secondFactor: true } : null,
        after: {
          ...(had && { secondFactor: false }),
          sessionsEnded: ended.length,
          link: { origin: link.origin, madeBy: link.made_by, madeAt: link.created_at },
        },
      },
    }
  })
}

/** @throws ResourceNotFound and ResourceGone; neither repeats the secret. */
async function linkBySecret(ctx: AnyoneContext, db: Db | MainTx, secret: string) {
  const isOurs = secret.startsWith('stw_rec_') && isWellFormedToken(secret)
  const row = isOurs ? await findLink.first(db, { hash: sha256(secret) }) : undefined
  if (!row)
    throw new ApiError('ResourceNotFound', 'This link is not valid: it was used, or a newer one was created.', {
      resource: 'recoveryLink',
    })
  if (row.expires_at <= iso(ctx.app.clock.now()) || !(await isStillGood(ctx.app, db, row)))
    throw new ApiError('ResourceGone', 'This link no longer works. Ask for a new one.', { resource: 'recoveryLink' })
  return row
}

/** Who made a link may have lost the right to it, and the person may have come to other places, since. */
async function isStillGood(
  app: AppContext,
  db: Db,
  link: { made_by: string | null; workspace_id: string | null; user_id: string },
): Promise<boolean> {
  const { made_by: makerId, workspace_id: workspaceId, user_id: userId } = link
  if (makerId === null) return true
  if (workspaceId === null) return (await findPerson.first(db, { userId: makerId }))?.operator === 1
  try {
    await requireSafe(app, db, { makerId, userId, workspaceId })
    return true
  } catch (cause) {
    if (cause instanceof ApiError) return false
    throw cause
  }
}
