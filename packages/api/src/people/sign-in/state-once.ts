import { createAuthMiddleware } from 'better-auth/api'
import type { BetterAuthPlugin } from 'better-auth/types'
import { minute } from '../../core/clock.ts'

/** How long the library keeps the state of a sign-in at a provider. */
const stateLife = 10 * minute

/**
 * Lets one answer of a provider through to the exchange of its code, of however many equal ones at however many servers:
 * the library reads its state and deletes it in two steps. Only the browser that began can use the state up.
 * @param errorPage where the others end, with `error=state_mismatch`, as whoever comes later.
 */
export function statesOnce(errorPage: string): BetterAuthPlugin {
  const handler = createAuthMiddleware(async (ctx) => {
    const { context } = ctx
    const state: unknown = (ctx.query as Record<string, unknown> | undefined)?.['state']
    const cookie = context.createAuthCookie('state')
    if (typeof state !== 'string' || (await ctx.getSignedCookie(cookie.name, context.secret)) !== state) return
    const isFirst = await context.internalAdapter.reserveVerificationValue({
      identifier: `taken ${state}`,
      value: '',
      expiresAt: new Date(Date.now() + stateLife),
    })
    if (!isFirst) throw ctx.redirect(`${errorPage}?error=state_mismatch`)
  })
  return { id: 'state-once', hooks: { before: [{ matcher: ({ path }) => path === '/callback/:id', handler }] } }
}
