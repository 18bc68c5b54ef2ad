import { lastStep } from '../identity/second-factor.queries.ts'
import { APIError } from 'better-auth/api'
import { symmetricDecrypt } from 'better-auth/crypto'
import type { twoFactor } from 'better-auth/plugins/two-factor'
import type { BetterAuthPlugin } from 'better-auth/types'
import { systemClock } from '../../core/clock.ts'
import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import { beginCodeGuess } from './guesses.ts'
import { codeUsed, type Visit } from './record.ts'
import { matchingStep, stepAt } from './totp.ts'

type Key = Parameters<typeof symmetricDecrypt>[0]['key']

const takesCode = new Set(['/two-factor/verify-totp', '/two-factor/verify-backup-code'])

/**
 * Begins the guess of who gives a code to sign in. Notes the time step of a right code for the visit, and refuses one whose
 * thirty seconds are over, and one that was taken before, as any wrong one.
 * @throws RateLimited after too many wrong codes, those under way among them.
 */
export async function noteCode(
  { app, visit }: { app: AppContext; visit: () => Visit },
  factor: { userId: string; secret: string },
  key: Key,
): Promise<void> {
  const here = visit()
  const { path, body } = here
  if (takesCode.has(path)) here.guess ??= await beginCodeGuess(app, { userId: factor.userId, ip: here.request.ip })
  const code = body?.['code']
  if (path !== '/two-factor/verify-totp' || typeof code !== 'string') return
  // By the machine's clock, as the library asks.
  const now = systemClock.now()
  const step = matchingStep(await symmetricDecrypt({ key, data: factor.secret }), code, now)
  if (step !== null && step < stepAt(now))
    throw new APIError('UNAUTHORIZED', { code: 'INVALID_CODE', message: 'This code has expired. Use the next one.' })
  const used = (await lastStep.first(storesOf(app).main.reader, { userId: factor.userId }))?.last_step ?? null
  if (step !== null && used !== null && step <= used)
    throw new APIError('UNAUTHORIZED', { code: 'CODE_USED', message: codeUsed().message })
  here.factor = { userId: factor.userId, step }
}

/** Asks for the second factor after a provider just as after a password, unless the provider is trusted with it. */
export function askAfterProviders(
  factor: ReturnType<typeof twoFactor>,
  trusted: ReadonlySet<string>,
): BetterAuthPlugin {
  const isAsked = (ctx: { path?: string; params?: Record<string, unknown> }): boolean =>
    ctx.path === '/callback/:id' && !trusted.has(String(ctx.params?.['id']))
  const after = factor.hooks.after.map(({ handler }) => ({ matcher: isAsked, handler }))
  return { id: 'second-factor-after-providers', hooks: { after } }
}
