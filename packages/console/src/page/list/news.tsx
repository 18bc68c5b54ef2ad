import { type InfiniteData, type QueryKey, hashKey, useQueryClient } from '@tanstack/react-query'
import { ArrowUp } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import { useCommands } from '../../commands/command-center.tsx'
import { Keys } from '../../ui/kbd.tsx'

export interface News {
  /** The server has other rows than these by now. */
  waiting: boolean
  /** Reads the first page anew and lets go of the others. */
  show: () => void
}

/** Whether a list made by `paged` was marked as old while it is shown (workspace/live.ts). */
export function useNews(key: QueryKey): News {
  const queries = useQueryClient()
  const hash = hashKey(key)
  const waiting = useSyncExternalStore(
    (changed) => queries.getQueryCache().subscribe(({ query }) => query.queryHash === hash && changed()),
    () => {
      const state = queries.getQueryState(key)
      return state?.isInvalidated === true && state.fetchStatus === 'idle'
    },
  )
  return {
    waiting,
    show: () => {
      queries.setQueryData<InfiniteData<unknown>>(key, (old) =>
        old ? { pages: old.pages.slice(0, 1), pageParams: old.pageParams.slice(0, 1) } : old,
      )
      void queries.invalidateQueries({ queryKey: key, exact: true })
    },
  }
}

/** New rows appear by themselves at the top of a list; further down nothing moves until the reader wants it. */
export function NewsPill({ news, onTop, toTop }: { news: News; onTop: boolean; toTop: () => void }) {
  const { waiting, show } = news
  useEffect(() => {
    if (waiting && onTop) show()
  })
  const offered = waiting && !onTop
  useCommands({ ...(offered && { 'list.news': toTop }) })
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-10 z-20 flex justify-center">
      {offered && (
        <button
          type="button"
          onClick={toTop}
          className="pointer-events-auto inline-flex h-7 animate-appear items-center gap-1.5 rounded-full border border-accent-border bg-accent-surface px-3 text-sm text-accent-text shadow-float"
        >
          <ArrowUp className="size-3.5" aria-hidden />
          Show new entries
          <Keys keys="r" />
        </button>
      )}
    </div>
  )
}
