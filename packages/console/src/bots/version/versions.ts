import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { client, trpc } from '../../session/trpc.ts'
import { paged } from '../../session/paged.ts'
import { shortId } from '../../ui/ids.ts'
import { type Deployment, useBot } from '../bot/bot.ts'
import { readableName } from '../bot/bot-labels.ts'

/** Which version is current, since which deployment, and what a rollback would put there. */
export function useCurrentVersion() {
  const { at } = useBot()
  const { data, error, isPending, refetch } = useQuery(trpc.version.current.queryOptions(at))
  return { current: data, error, waiting: isPending, retry: () => void refetch() }
}

/** All versions by name, newest first, to choose from. */
export function useVersionNames() {
  const { at } = useBot()
  const { data, error, isPending, refetch } = useQuery(trpc.version.list.queryOptions(at))
  const versions = data?.versions ?? []
  return {
    versions,
    currentId: versions.find(({ current }) => current)?.id ?? null,
    error,
    waiting: isPending,
    retry: () => void refetch(),
    nameOf: (id: string) => readableName(versions.find((version) => version.id === id)?.name ?? shortId(id)),
  }
}

/** The versions page by page, with who saved them and whether they were current. */
export function useVersionHistory(search: string) {
  const { at } = useBot()
  const asked = { ...at, ...(search !== '' && { search }) }
  return useInfiniteQuery(
    paged({
      key: trpc.version.history.queryKey(asked),
      load: (page, signal) => client.version.history.query({ ...asked, ...page }, { signal }),
      rows: (answer) => answer.versions,
    }),
  )
}

/** What changes when versions or deployments do. */
export function versionFilters() {
  return [trpc.version.pathFilter(), trpc.bot.get.pathFilter(), trpc.bot.list.pathFilter()]
}

export const kindLabels: Record<Deployment['kind'], string> = {
  deploy: 'Deployed',
  rollback: 'Rolled back',
  publish: 'Published',
  update: 'Code updated',
}
