import type { Gate } from '../../core/area.ts'
import type { Context, Db } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import { secondFactorOf } from './second-factor.queries.ts'
import { providersOf } from './sign-in-method.queries.ts'

/** Whether the installation asks this caller for a second factor, whatever the workspace. @throws Forbidden if it is missing. */
export const secondFactorOfInstallation: Gate = async (ctx, db, { rule }) => {
  if (ctx.app.settings.secondFactorRequired === true && !rule.beforeSecondFactor)
    await requireSecondFactor(ctx, db, 'installation')
}

/**
 * Lets a person pass who has a second factor: of ours, or by a provider that is trusted with it. A session counts by how
 * it was opened, a token by what its person has. Keys of bots are no persons; who works on the machine itself is not asked.
 * @throws Forbidden with `secondFactor: true` in its metadata.
 */
export async function requireSecondFactor(ctx: Context, db: Db, place: 'workspace' | 'installation'): Promise<void> {
  const { actor, app } = ctx
  if (actor.kind !== 'user') return
  const { credential, userId } = actor
  if (credential.kind === 'local' || credential.kind === 'sign-in') return
  const sessionId = credential.kind === 'session' ? credential.id : ''
  const row = await secondFactorOf.first(db, { userId, sessionId })
  if (row?.two_factor_enabled === 1 || row?.by_provider === 1) return
  if (credential.kind === 'token') {
    const providers = await providersOf.all(db, { userId })
    if (providers.some(({ provider_id: id }) => app.signIn.trustedProviders.has(id))) return
  }
  throw new ApiError(
    'Forbidden',
    `This ${place} requires a second factor. Set yours up at ${app.settings.publicUrl}/me/security, then try again.`,
    { secondFactor: true },
  )
}
