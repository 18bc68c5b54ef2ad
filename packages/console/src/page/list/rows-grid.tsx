import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, LoaderCircle } from 'lucide-react'
import type { RowData } from '@tanstack/react-table'
import { type CSSProperties, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { failureOf } from '../../base/failure.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { cx } from '../../ui/cx.ts'
import { ErrorNote } from '../../ui/error-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useDensity } from '../../ui/use-theme.ts'
import { columnsFor, tracksOf, useWidth } from './columns.ts'
import { GridRow, lineLook, type RowAnswers } from './grid-row.tsx'
import { type ListTable, takenOf, toggleRow, toggleRows } from './list-table.ts'
import type { Column, ListPageProps } from './list.types.ts'
import { type News, NewsPill } from './news.tsx'

interface Props<Row extends RowData> extends ListPageProps<Row> {
  table: ListTable<Row>
  rows: readonly Row[]
  ids: readonly string[]
  /** What these rows answer: another query begins at the top. */
  query: string
  waiting: boolean
  news: News
  /** These rows answer the query before; the next answer is on its way. */
  stale: boolean
  cursor: string | null
  /** The place of the cursor among the rows, or -1. */
  at: number
  inspected: string | null
  onPick: (id: string) => void
  actionsFor: string | null
  onActions: (id: string | null) => void
  more: { has: boolean; loading: boolean; failed: Error | null; load: () => void }
}

/** Pixels, as in tokens.css. */
const rowHeight = { compact: 36, comfortable: 44 }

/** The rows themselves: only those in sight are in the page, however many are loaded. */
export function RowsGrid<Row extends RowData>(props: Props<Row>) {
  const { table, rows, ids, cursor, at, inspected, more, waiting, title } = props
  const selectable = props.bulk !== undefined
  const pane = useRef<HTMLDivElement>(null)
  const density = useDensity()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => pane.current,
    estimateSize: () => rowHeight[density],
    overscan: 8,
  })
  useEffect(() => virtual.measure(), [density, virtual])
  const items = virtual.getVirtualItems()
  const lastSeen = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [at, virtual])
  const near = Math.max(lastSeen, at) >= rows.length - 40
  useEffect(() => {
    if (near && !waiting && more.has && !more.loading && !more.failed) more.load()
  }, [near, waiting, more])
  useTopOf(() => (virtual.scrollOffset ? virtual.scrollToOffset(0) : undefined), props)
  const width = useWidth(pane)
  const chosen = useShownColumns(table, props.columns)
  const columns = useMemo(() => columnsFor(chosen, width), [chosen, width])
  const hasActions = props.actions !== undefined
  const tracks = tracksOf(columns, { selectable, actions: hasActions })
  const answers = useAnswers(props, pane)
  const late = useLate(props.stale)
  const { rowSelection } = table.state
  // Set through the DOM, which passes a policy that refuses style attributes in markup.
  const style = { '--tracks': tracks.template, '--least': tracks.least } as CSSProperties

  return (
    <div className="relative mt-3 flex min-h-0 flex-1 flex-col">
      <NewsPill
        news={props.news}
        onTop={(virtual.scrollOffset ?? 0) < rowHeight[density]}
        toTop={() => virtual.scrollToOffset(0)}
      />
      <div
        ref={pane}
        role="grid"
        aria-label={title}
        aria-rowcount={more.has ? -1 : rows.length + 1}
        aria-busy={waiting || props.stale}
        aria-multiselectable={selectable ? true : undefined}
        aria-activedescendant={at >= 0 ? `row-${cursor}` : undefined}
        tabIndex={0}
        style={style}
        className="pane min-h-0 flex-1 border-t border-n5 [--edge:1.5rem] focus-visible:outline-offset-[-2px]"
      >
        <HeadRow table={table} ids={ids} columns={columns} selectable={selectable} actions={hasActions} />
        {waiting ? (
          <WaitingRows columns={columns} selectable={selectable} />
        ) : (
          <div
            role="rowgroup"
            className={cx('relative min-w-(--least)', late && 'opacity-60')}
            style={{ height: virtual.getTotalSize() }}
          >
            {items.map((item) => {
              const row: Row | undefined = rows[item.index]
              const id = ids[item.index]
              return (
                row !== undefined &&
                id !== undefined && (
                  <div
                    key={id}
                    className="absolute inset-x-0 top-0"
                    role="presentation"
                    style={{ transform: `translateY(${item.start}px)` }}
                  >
                    <GridRow
                      row={row}
                      id={id}
                      name={props.rowName(row)}
                      index={item.index}
                      columns={columns}
                      selectable={selectable}
                      selected={rowSelection[id] === true}
                      current={id === cursor}
                      inspected={id === inspected}
                      menu={hasActions ? id === props.actionsFor : null}
                      answers={answers}
                    />
                  </div>
                )
              )
            })}
          </div>
        )}
        {more.loading && (
          <p className="flex items-center gap-2 px-6 py-3 text-n10">
            <LoaderCircle className="size-4 animate-spin" aria-hidden /> Loading more
          </p>
        )}
        {more.failed && (
          <div className="flex items-start gap-3 px-6 py-3">
            <ErrorNote failure={failureOf(more.failed)} />
            <Button onClick={more.load}>Try again</Button>
          </div>
        )}
      </div>
    </div>
  )
}

/** Whether the answer takes longer than one would notice: until then nothing flickers. */
function useLate(stale: boolean): boolean {
  const [late, setLate] = useState(false)
  if (late && !stale) setLate(false)
  useEffect(() => {
    if (!stale) return undefined
    const timer = setTimeout(() => setLate(true), 200)
    return () => clearTimeout(timer)
  }, [stale])
  return late
}

/** Scrolls to the top when the rows of another query have come. */
function useTopOf(toTop: () => void, { query, stale }: { query: string; stale: boolean }): void {
  const shown = useRef(query)
  useLayoutEffect(() => {
    if (stale || shown.current === query) return
    shown.current = query
    toTop()
  })
}

function useShownColumns<Row extends RowData>(table: ListTable<Row>, columns: readonly Column<Row>[]) {
  const ids = table
    .getVisibleLeafColumns()
    .map(({ id }) => id)
    .join(',')
  return useMemo(() => ids.split(',').flatMap((id) => columns.find((column) => column.id === id) ?? []), [ids, columns])
}

/** What rows ask, the same object all the time, so that a row is not made anew when only the list was. */
function useAnswers<Row extends RowData>(props: Props<Row>, pane: RefObject<HTMLElement | null>): RowAnswers<Row> {
  const latest = useRef(props)
  useLayoutEffect(() => {
    latest.current = props
  })
  return useMemo(
    () => ({
      pick: (id) => latest.current.onPick(id),
      toggle: (id) => toggleRow(latest.current.table, id),
      openActions: (id) => latest.current.onActions(id),
      focus: () => {
        pane.current?.focus({ preventScroll: true })
        return pane.current !== null
      },
      actions: (row) => latest.current.actions?.(row) ?? [],
    }),
    [pane],
  )
}

interface HeadRowProps<Row extends RowData> {
  table: ListTable<Row>
  ids: readonly string[]
  columns: readonly Column<Row>[]
  selectable: boolean
  actions: boolean
}

function HeadRow<Row extends RowData>({ table, ids, columns, selectable, actions }: HeadRowProps<Row>) {
  const { rowSelection } = table.state
  const taken = useMemo(() => takenOf(rowSelection, ids, (id) => id).length, [ids, rowSelection])
  return (
    <div role="rowgroup" className="sticky top-0 z-10 min-w-(--least)">
      <div
        role="row"
        aria-rowindex={1}
        className={cx(lineLook, 'h-8 border-b border-n5 bg-n2 text-xs font-medium text-n10')}
      >
        {selectable && (
          <span role="columnheader" className="flex">
            <Checkbox
              aria-label="Select all loaded rows"
              checked={taken > 0 && (taken < ids.length ? 'indeterminate' : true)}
              onCheckedChange={() => toggleRows(table, ids)}
            />
          </span>
        )}
        {columns.map((column) => (
          <HeadCell key={column.id} table={table} column={column} />
        ))}
        {actions && (
          <span role="columnheader">
            <span className="sr-only">Actions</span>
          </span>
        )}
      </div>
    </div>
  )
}

function HeadCell<Row extends RowData>({
  table,
  column: { id, header, align },
}: {
  table: ListTable<Row>
  column: Column<Row>
}) {
  const model = table.getColumn(id)
  const direction = model?.getIsSorted() || null
  const next = model?.getNextSortingOrder()
  const Icon = (direction ?? next) === 'asc' ? ArrowUp : ArrowDown
  const order = direction === null ? undefined : direction === 'asc' ? 'ascending' : 'descending'
  return (
    <span role="columnheader" aria-sort={order} className={cx('truncate', align === 'end' && 'text-right')}>
      {model?.getCanSort() ? (
        <button
          type="button"
          className="group -mx-1 inline-flex items-center gap-1 rounded-xs px-1 hover:text-n12"
          onClick={() => model.toggleSorting()}
        >
          {header}
          <Icon
            className={cx(
              'size-3',
              direction === null && 'opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60',
            )}
            aria-hidden
          />
        </button>
      ) : (
        header
      )}
    </span>
  )
}

function WaitingRows<Row>({ columns, selectable }: { columns: readonly Column<Row>[]; selectable: boolean }) {
  return (
    <div role="rowgroup">
      <div role="row" className="sr-only">
        <span role="gridcell">Loading</span>
      </div>
      {Array.from({ length: 12 }, (_, row) => (
        <div key={row} role="presentation" aria-hidden className={cx(lineLook, 'h-row')}>
          {selectable && <span />}
          {columns.map(({ id }, column) => (
            <Skeleton key={id} className={column === 0 ? 'w-40' : 'w-16'} />
          ))}
        </div>
      ))}
    </div>
  )
}
