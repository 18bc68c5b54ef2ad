/*
 * Keeps what is shown of a workspace as it is at the server: follows its commits and has what they changed read again.
 * Lists of many pages are only marked: they say so themselves and do not move under the reader (page/list).
 */
import { type QueryFilters, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { isPaged } from './paged.ts'
import { type Changes, Reader } from './live-reader.ts'
import { meOptions } from './me.ts'
import { useSessionNumber } from './session-end.ts'
import { client, trpc } from './trpc.ts'

export type LiveState = 'connecting' | 'live' | 'off'

let state: LiveState = 'off'
const listeners = new Set<() => void>()

function setState(next: LiveState): void {
  state = next
  for (const listener of listeners) listener()
}

/** Whether changes arrive now; `off` while nothing is followed. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}

/** What to read again after changes to a workspace; the same function every time. */
export type RefreshOf = (changes: Changes, workspaceId: string) => QueryFilters[]

/** Follows the workspace while its page is seen: browsers open six connections to a server, and hidden pages need none. */
export function useLiveWorkspace(workspaceId: string, refreshOf: RefreshOf): void {
  const queries = useQueryClient()
  const session = useSessionNumber()
  useEffect(() => {
    const refresh = (filter: QueryFilters): void => {
      void queries.invalidateQueries({ ...filter, predicate: ({ queryKey }) => !isPaged(queryKey) })
      void queries.invalidateQueries({ ...filter, predicate: ({ queryKey }) => isPaged(queryKey), refetchType: 'none' })
    }
    const reader = new Reader((changes: Changes) => refreshOf(changes, workspaceId).forEach(refresh))
    let last: string | undefined
    let following: { unsubscribe: () => void } | null = null
    const start = (): void => {
      following ??= client.workspace.changes.subscribe(
        { workspaceId, ...(last !== undefined && { lastEventId: last }) },
        {
          onData: ({ id, data }) => {
            last = id
            reader.take(data)
          },
          onConnectionStateChange: ({ state: now }) => setState(now === 'pending' ? 'live' : 'connecting'),
          // Refused: whether there is a session still, and a member.
          onError: () => {
            stop()
            void queries.invalidateQueries(meOptions())
            void queries.invalidateQueries(trpc.member.me.queryFilter({ workspaceId }))
          },
        },
      )
    }
    const stop = (): void => {
      following?.unsubscribe()
      following = null
      setState('off')
    }
    const follow = (): void => (document.hidden ? stop() : start())
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      stop()
      reader.stop()
    }
  }, [queries, workspaceId, refreshOf, session])
}
