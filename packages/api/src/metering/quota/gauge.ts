import type { AppContext, Gauge } from '../../core/app-context.ts'
import type { MainTx } from '../../core/context.ts'
import { accountIsThere } from '../../people/account/account.service.ts'
import { accountOfWorkspace } from '../../people/workspace/workspace.service.ts'
import type { Claim } from './admission.ts'
import { openAdmission } from './admission.ts'
import { raiseAlerts } from './alert.queries.ts'
import { builtInQuotaType } from './quota-type.schema.ts'

/**
 * Moves gauges within the write that adds or removes what they count. Those that shrink are moved first, so that what a
 * write replaces makes room for what replaces it.
 * @throws QuotaExceeded, LimitExceeded or PaymentRequired for growth that a scope has no room for.
 */
export async function moveGauges(app: AppContext, tx: MainTx, gauges: readonly Gauge[]): Promise<void> {
  const claims: Claim[] = []
  for (const { type: name, delta, in: where, botId = null } of gauges) {
    const type = builtInQuotaType(name)
    if (!type) throw new Error(`There is no gauge "${name}".`)
    const amount = BigInt(delta)
    if ('accountId' in where) {
      // The counters of what this write deletes went as a whole.
      if (!(await accountIsThere(tx, where.accountId))) continue
      const place = { accountId: where.accountId, workspaceId: '', botId: null }
      claims.push({ place, type, amount, period: '', scopes: ['account'] })
      continue
    }
    const { workspaceId } = where
    const accountId = await accountOfWorkspace(tx, workspaceId)
    if (accountId !== undefined) claims.push({ place: { accountId, workspaceId, botId }, type, amount, period: '' })
  }
  if (claims.length === 0) return
  const admission = await openAdmission(app, tx, claims)
  for (const claim of netOf(claims)) {
    const refusal = admission.use(claim)
    if (refusal) throw refusal
  }
  await raiseAlerts(app, tx, await admission.save())
}

/** One claim per place and type, those that shrink first. */
function netOf(claims: readonly Claim[]): Claim[] {
  const sums = new Map<string, Claim>()
  for (const claim of claims) {
    const { workspaceId, botId } = claim.place
    const key = `${claim.place.accountId} ${workspaceId} ${botId ?? ''} ${claim.type.name}`
    const before = sums.get(key)
    sums.set(key, before ? { ...claim, amount: before.amount + claim.amount } : claim)
  }
  return [...sums.values()].toSorted((a, b) => (a.amount < b.amount ? -1 : a.amount > b.amount ? 1 : 0))
}
