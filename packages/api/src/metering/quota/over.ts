import type { Db } from '../../core/context.ts'
import type { Limits } from './limits.ts'
import { countersOfAccount } from './over.queries.ts'
import { monthOf } from './period.ts'
import type { Over, Preview } from './quota.schema.ts'

/** How many are shown; all are counted. */
const mostShown = 100

export const nothingOver: Preview = { overCount: 0, over: [] }

/** What an account would have above its limits, if these were in force at a time. */
export async function overOf(
  db: Db,
  accountId: string,
  { limits, at }: { limits: Limits; at: string },
): Promise<Preview> {
  if (limits.isEmpty) return nothingOver
  let overCount = 0
  const over: Over[] = []
  for await (const { taken, scope, scopeId, type } of countersOfAccount(db, accountId, monthOf(at))) {
    const { value } = limits.at({ scope, scopeId }, type, at)
    if (value === null || taken <= value) continue
    overCount += 1
    if (over.length < mostShown)
      over.push({ accountId, scope, scopeId, type, used: String(taken), limit: String(value) })
  }
  return { overCount, over }
}

export function together(previews: readonly Preview[]): Preview {
  return {
    overCount: previews.reduce((sum, { overCount }) => sum + overCount, 0),
    over: previews.flatMap(({ over }) => over).slice(0, mostShown),
  }
}
