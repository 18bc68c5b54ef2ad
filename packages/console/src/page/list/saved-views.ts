import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { client, trpc } from '../../session/trpc.ts'
import { edit, useChange } from '../../ui/change.ts'
import { type SavedView, readViews } from './view.ts'

/** Where a person's views of a list are kept: with the person, so that they are there on every machine. */
function viewsKey(list: string, workspaceId: string | undefined): string {
  return workspaceId === undefined ? `views.${list}` : `views.${list}.${workspaceId}`
}

export interface SavedViews {
  views: readonly SavedView[]
  /** False where they cannot be read, such as for a token that may not. */
  known: boolean
  /** Keeps these instead. @param done what to say. */
  keep: (views: readonly SavedView[], done: string) => Promise<unknown>
}

export function useSavedViews(list: string, workspaceId: string | undefined): SavedViews {
  const key = viewsKey(list, workspaceId)
  const options = trpc.me.getPreference.queryOptions({ key }, { staleTime: 60_000 })
  const { data } = useQuery(options)
  const views = readViews(data?.value)
  const words = useRef('')
  const change = useChange(trpc.me.setPreference.mutationOptions(), {
    show: ({ value }) => [edit(options.queryKey, () => ({ value }))],
    refresh: () => [trpc.me.getPreference.queryFilter({ key })],
    done: () => words.current,
    undo: () => () => client.me.setPreference.mutate({ key, value: views }),
  })
  return {
    views,
    known: data !== undefined,
    keep: (next, done) => {
      words.current = done
      return change.mutateAsync({ key, value: next })
    },
  }
}
