import { queryOptions } from '@tanstack/react-query'
import type { RouterOutputs } from '@steward/api'
import { client, trpc } from './trpc.ts'

export type Workspace = RouterOutputs['workspace']['get']

/** More are reached by their address; the switcher stays quick. */
const most = 1000

/** All workspaces of the signed-in person, for the switcher and the way in. */
export function allWorkspacesOptions() {
  return queryOptions({
    queryKey: [...trpc.workspace.list.queryKey({ pageSize: 100 }), 'all'],
    queryFn: async ({ signal }) => {
      const found: Workspace[] = []
      let nextToken: string | undefined
      do {
        const answer = await client.workspace.list.query({ pageSize: 100, ...(nextToken && { nextToken }) }, { signal })
        found.push(...answer.workspaces)
        nextToken = answer.meta.nextToken
      } while (nextToken && found.length < most)
      return found
    },
    staleTime: 30_000,
    // Asked for before it is known whether anybody is signed in.
    meta: { guard: true },
  })
}
