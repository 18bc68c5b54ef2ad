/*
 * A list as a page: title with count, filter bar, virtual rows that load further pages, keys, selection, inspector,
 * and every state. What a page gives to it is in list.types.ts.
 */
import { hashKey, useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { RowData } from '@tanstack/react-table'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useAddress } from '../address.ts'
import { FilteredEmptyState } from '../empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { failureOf } from '../../base/failure.ts'
import { useTitle } from '../../ui/page.tsx'
import { conditionsOf } from './conditions.ts'
import { withCondition } from '../../base/search.ts'
import { FilterBar } from './filter-bar.tsx'
import { Inspector } from './inspector.tsx'
import { ListHeader } from './list-header.tsx'
import { useListKeys } from './list-keys.ts'
import { useAsking, useOpening, usePlace } from './list-hooks.ts'
import { columnChoices, takenOf, useListTable } from './list-table.ts'
import type { ListPageProps } from './list.types.ts'
import { useNews } from './news.tsx'
import { RowsGrid } from './rows-grid.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { ViewMenu } from './view-menu.tsx'

export function ListPage<Row extends RowData>(props: ListPageProps<Row>) {
  const { title, noun, pages, rowId, columns, filters = {}, keep, empty, inspector, bulk } = props
  useTitle(title)
  const { search, go } = useAddress()
  const navigate = useNavigate()
  const ask = useAsking(props)
  const setSearch = (next: Record<string, unknown>, replace = true): void => {
    ask(next)
    go(next, replace)
  }
  const { data, error, isPending, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useInfiniteQuery(pages)
  const news = useNews(pages.queryKey)
  const rows = useMemo(() => (keep ? data?.filter(keep) : data) ?? [], [data, keep])
  const ids = useMemo(() => rows.map(rowId), [rows, rowId])

  const conditions = conditionsOf(filters, search)
  const filtered = Object.keys(conditions).length > 0
  const { table, shown, resetColumns } = useListTable({ ...props, rows, search, onSearch: setSearch })
  const { rowSelection } = table.state
  const leave = (): void => table.setRowSelection({})
  const clear = (): void => {
    let next = search
    for (const name of Object.keys(filters)) next = withCondition(next, name, undefined)
    setSearch(next)
  }

  const inspected = typeof search['inspect'] === 'string' ? search['inspect'] : null
  const [cursor, setCursor] = useState<string | null>(inspected)
  const at = usePlace(ids, cursor)
  const [actionsFor, setActionsFor] = useState<string | null>(null)
  const inspect = (id: string | null): void => {
    if (inspector) setSearch(withCondition(search, 'inspect', id ?? undefined))
  }
  const move = (to: number): void => {
    const id = ids[Math.max(0, Math.min(to, ids.length - 1))]
    if (id === undefined) return
    setCursor(id)
    if (inspected !== null) inspect(id)
  }
  const open = (row: Row | undefined): void => {
    const to = row && props.href?.(row)
    if (to) void navigate(to)
  }
  const current = rows[at]
  const [filterOpen, setFilterOpen] = useState(false)
  const view = useOpening()
  const searchInput = useRef<HTMLInputElement>(null)
  useListKeys({
    ...props,
    table,
    ids,
    at,
    current,
    move,
    inspect,
    open,
    leave,
    isInspecting: inspected !== null,
    openActions: () => setActionsFor(cursor),
    openFilter: () => setFilterOpen(true),
    openView: view.openByKey,
    search: () => searchInput.current?.focus(),
  })
  // What is looked for may lie on a page that has not come yet, when the last rows were filtered away.
  useEffect(() => {
    if (keep && rows.length < 30 && hasNextPage && !isFetchingNextPage && !error) void fetchNextPage()
  }, [keep, rows.length, hasNextPage, isFetchingNextPage, error, fetchNextPage])

  const inspectedAt = usePlace(ids, inspected)
  const inspectedRow = rows[inspectedAt]
  const chosen = useMemo(() => takenOf(rowSelection, rows, rowId), [rows, rowSelection, rowId])
  const failed = error !== null && data === undefined
  const exact = filtered || props.total === undefined ? (hasNextPage ? null : rows.length) : props.total
  const forbidden = failed && failureOf(error).type === 'Forbidden'

  return (
    <div className="flex h-full min-h-0">
      <div className="flex min-w-0 flex-1 flex-col">
        <ListHeader
          {...props}
          exact={failed || isPending ? undefined : exact}
          loaded={rows.length}
          showActions={!forbidden}
        />
        {!forbidden && (
          <FilterBar
            filters={filters}
            search={search}
            onChange={setSearch}
            clear={clear}
            open={filterOpen}
            onOpenChange={setFilterOpen}
            input={searchInput}
          >
            <ViewMenu
              list={props.id}
              search={search}
              columns={columnChoices(table, columns)}
              shownColumns={shown}
              resetColumns={resetColumns}
              {...view.menu}
            />
          </FilterBar>
        )}
        {failed ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : !isPending && rows.length === 0 && !hasNextPage ? (
          filtered ? (
            <FilteredEmptyState what={noun[1]} clear={clear} />
          ) : (
            empty
          )
        ) : (
          <RowsGrid
            {...props}
            table={table}
            rows={rows}
            ids={ids}
            query={`${hashKey(pages.queryKey)} ${JSON.stringify(conditions)}`}
            waiting={isPending}
            news={news}
            stale={isPlaceholderData}
            cursor={cursor}
            at={at}
            inspected={inspected}
            onPick={(id) => {
              setCursor(id)
              if (inspector) inspect(id)
              else open(rows[ids.indexOf(id)])
            }}
            actionsFor={actionsFor}
            onActions={setActionsFor}
            more={{ has: hasNextPage, loading: isFetchingNextPage, failed: error, load: () => void fetchNextPage() }}
          />
        )}
        {bulk && chosen.length > 0 && (
          <SelectionBar noun={noun} count={chosen.length} actions={bulk(chosen, leave)} clear={leave} />
        )}
      </div>
      {inspector && inspected !== null && (
        <Inspector
          title={inspectedRow ? props.rowName(inspectedRow) : noun[0]}
          onClose={() => inspect(null)}
          {...(inspectedRow && props.href?.(inspectedRow) && { onOpen: () => open(inspectedRow) })}
        >
          {inspector(inspected, inspectedRow)}
        </Inspector>
      )}
    </div>
  )
}
