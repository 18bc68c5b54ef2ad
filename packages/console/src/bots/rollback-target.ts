import type { Deployment } from './bot.ts'

/**
 * What a rollback puts in force, as the server chooses it: what the newest deployment replaced that did not hold the
 * same as what is in force now. Null where there is nothing.
 */
export function rollbackTarget(
  deployments: readonly Pick<Deployment, 'versionId' | 'previousVersionId'>[],
): string | null {
  const current = deployments[0]?.versionId
  const found = deployments.find(({ previousVersionId }) => previousVersionId !== null && previousVersionId !== current)
  return found?.previousVersionId ?? null
}
