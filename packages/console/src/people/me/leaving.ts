import { StewardError } from '@steward/api/client'

/** What keeps a person from being deleted, as the server said it. */
export type Obstacle = { kind: 'workspaces' | 'accounts'; ids: readonly string[] }

/** Reads a refusal of `me.delete`; null for any other failure. */
export function obstacleOf(error: unknown): Obstacle | null {
  if (!(error instanceof StewardError) || error.type !== 'ReferenceConstraint') return null
  const { workspaceIds, accountIds } = error.metadata
  if (isTexts(workspaceIds)) return { kind: 'workspaces', ids: workspaceIds }
  return isTexts(accountIds) ? { kind: 'accounts', ids: accountIds } : null
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')
}
