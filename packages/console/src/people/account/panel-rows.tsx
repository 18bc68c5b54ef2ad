import type { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'

type Rows<Row> = Pick<
  ReturnType<typeof useInfiniteQuery<unknown, Error, Row[]>>,
  'data' | 'error' | 'refetch' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'
>

interface Props<Row> {
  rows: Rows<Row>
  empty: ReactNode
  children: (rows: Row[]) => ReactNode
}

/** The states of a short list inside a page: waiting, failed, empty, and more to load. */
export function PanelRows<Row>({ rows, empty, children }: Props<Row>) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = rows
  if (!data && error) return <ErrorState error={error} retry={() => void refetch()} className="py-8" />
  if (!data)
    return (
      <div className="p-4 pt-0">
        <SkeletonLines lines={3} />
      </div>
    )
  if (data.length === 0) return <p className="border-t border-n5 px-4 py-4 text-n11">{empty}</p>
  return (
    <>
      {children(data)}
      {hasNextPage && (
        <div className="border-t border-n5 p-2">
          <Button look="ghost" size="small" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
    </>
  )
}
