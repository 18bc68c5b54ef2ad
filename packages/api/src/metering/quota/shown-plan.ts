import type { MainTx } from '../../core/context.ts'
import { setShownPlan } from '../../people/workspace/workspace.service.ts'
import { assignmentsOf, defaultPlan } from './limit.queries.ts'

/** What is shown for accounts that no plan limits. */
export const planWithoutAny = 'community'

/** Shows the plan of its account for a workspace that comes into it. */
export async function showPlanOf(tx: MainTx, of: { workspaceId: string; accountId: string }): Promise<void> {
  const plan = (await assignmentsOf(tx, of.accountId)).at(-1)?.plan ?? (await defaultPlan(tx))
  await setShownPlan(tx, { plan: plan?.contractPlan ?? planWithoutAny, workspaceId: of.workspaceId })
}
