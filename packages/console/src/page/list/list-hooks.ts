import { hashKey, useQueryClient } from '@tanstack/react-query'
import { useMemo, useRef, useState } from 'react'
import type { ListPageProps } from './list.types.ts'

/** Whether a menu is open. Opened by a key, it gives the focus back to where that key was pressed. */
export function useOpening() {
  const [open, setOpen] = useState(false)
  const from = useRef<Element | null>(null)
  return {
    openByKey: () => {
      from.current = document.activeElement
      setOpen(true)
    },
    menu: {
      open,
      onOpenChange: setOpen,
      returnFocus: () => {
        const before = from.current
        from.current = null
        if (before instanceof HTMLElement) before.focus({ preventScroll: true })
        return before !== null
      },
    },
  }
}

/** Where an id is; looked for anew only when it or the ids changed, for there may be very many. */
export function usePlace(ids: readonly string[], id: string | null): number {
  return useMemo(() => (id === null ? -1 : ids.indexOf(id)), [ids, id])
}

/** Asks for the rows of an address that is about to come, and no longer for those of the one before it. */
export function useAsking<Row>({ pages, pagesFor }: ListPageProps<Row>): (next: Record<string, unknown>) => void {
  const queries = useQueryClient()
  const asked = useRef<readonly unknown[] | null>(null)
  return (next) => {
    const coming = pagesFor?.(next)
    if (!coming || hashKey(coming.queryKey) === hashKey(pages.queryKey)) return
    if (asked.current) void queries.cancelQueries({ queryKey: asked.current, exact: true })
    asked.current = coming.queryKey
    void queries.prefetchInfiniteQuery(coming as never)
  }
}
