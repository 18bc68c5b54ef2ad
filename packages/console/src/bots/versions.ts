import { useQuery } from '@tanstack/react-query'
import { trpc } from '../trpc.ts'
import { type Deployment, type Version, useBot } from './bot.ts'
import { shortId } from '../ui/ids.ts'
import { rollbackTarget } from './rollback-target.ts'
import { readableName } from './bot-words.ts'

export interface Versions {
  /** Newest first. */
  versions: readonly Version[]
  /** The one in force: null when none ever was, undefined while that is not known. */
  currentId: string | null | undefined
  /** What was in force before the last deployment; null where there is nothing to roll back to. */
  previousId: string | null | undefined
  /** The newest, newest first. */
  deployments: readonly Deployment[]
  waiting: boolean
  error: unknown
  retry: () => void
  nameOf: (id: string) => string
}

/** How many of the newest deployments tell what was deployed already. */
export const recentDeployments = 100

/** The bot's versions, and which of them is in force: what the newest deployment put there. */
export function useVersions(): Versions {
  const { at } = useBot()
  const list = useQuery(trpc.version.list.queryOptions(at))
  const history = useQuery(trpc.version.listDeployments.queryOptions({ ...at, pageSize: recentDeployments }))
  const versions = list.data?.versions ?? []
  const deployments = history.data?.deployments ?? []
  const [last] = deployments
  return {
    versions,
    deployments,
    currentId: history.data && (last?.versionId ?? null),
    previousId: history.data && rollbackTarget(deployments),
    waiting: list.isPending || history.isPending,
    error: list.error ?? history.error,
    retry: () => void Promise.all([list.refetch(), history.refetch()]),
    nameOf: (id) => readableName(versions.find((version) => version.id === id)?.name ?? shortId(id)),
  }
}

/** What changes when versions or deployments do. */
export function versionFilters() {
  return [trpc.version.pathFilter(), trpc.bot.get.pathFilter(), trpc.bot.list.pathFilter()]
}

export const kindWords: Record<Deployment['kind'], string> = {
  deploy: 'Deployed',
  rollback: 'Rolled back',
  publish: 'Published',
  update: 'Code updated',
}
