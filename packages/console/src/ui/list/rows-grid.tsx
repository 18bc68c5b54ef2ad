import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, LoaderCircle } from 'lucide-react'
import { type CSSProperties, useEffect, useRef } from 'react'
import { failureOf } from '../../failure.ts'
import { Button } from '../button.tsx'
import { Checkbox } from '../checkbox.tsx'
import { cx } from '../cx.ts'
import { ErrorNote } from '../error-state.tsx'
import { Skeleton } from '../skeleton.tsx'
import { useDensity } from '../../use-theme.ts'
import { columnsFor, tracksOf, useWidth } from './columns.ts'
import type { Sort } from './conditions.ts'
import type { Column, ListPageProps } from './list.types.ts'
import { RowMenu } from './row-menu.tsx'
import type { Selection } from './selection.ts'

interface Props<Row> extends ListPageProps<Row> {
  rows: readonly Row[]
  ids: readonly string[]
  waiting: boolean
  /** These rows answer the question before; the next answer is on its way. */
  stale: boolean
  cursor: string | null
  inspected: string | null
  selection: Selection | null
  sort: Sort | null
  onSort: (sort: Sort) => void
  onPick: (id: string) => void
  actionsFor: string | null
  onActions: (id: string | null) => void
  more: { has: boolean; loading: boolean; failed: Error | null; load: () => void }
}

/** Pixels, as in tokens.css. */
const rowHeight = { compact: 36, comfortable: 44 }

/** The rows themselves: only those in sight are in the page, however many are loaded. */
export function RowsGrid<Row>(props: Props<Row>) {
  const { rows, ids, columns, selection, cursor, more, waiting, title } = props
  const pane = useRef<HTMLDivElement>(null)
  const density = useDensity()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => pane.current,
    estimateSize: () => rowHeight[density],
    overscan: 12,
    getItemKey: (index) => ids[index] ?? index,
  })
  useEffect(() => virtual.measure(), [density, virtual])
  const items = virtual.getVirtualItems()
  const lastSeen = items.at(-1)?.index ?? -1
  const at = cursor === null ? -1 : ids.indexOf(cursor)
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [at, virtual])
  const near = Math.max(lastSeen, at) >= rows.length - 40
  useEffect(() => {
    if (near && !waiting && more.has && !more.loading && !more.failed) more.load()
  }, [near, waiting, more])
  const width = useWidth(pane)
  const shown = { ...props, columns: columnsFor(columns, width) }
  const tracks = tracksOf(shown.columns, { selectable: selection !== null, actions: props.actions !== undefined })
  // Set through the DOM, which passes a policy that refuses style attributes in markup.
  const style = { '--tracks': tracks.template, '--least': tracks.least } as CSSProperties

  return (
    <div
      ref={pane}
      role="grid"
      aria-label={title}
      aria-rowcount={more.has ? -1 : rows.length + 1}
      aria-busy={waiting || props.stale}
      aria-multiselectable={selection ? true : undefined}
      aria-activedescendant={at >= 0 ? `row-${cursor}` : undefined}
      tabIndex={0}
      style={style}
      className="pane mt-3 min-h-0 flex-1 border-t border-n5 [--edge:1.5rem] focus-visible:outline-offset-[-2px]"
    >
      <HeadRow {...shown} />
      {waiting ? (
        <WaitingRows columns={shown.columns} selectable={selection !== null} />
      ) : (
        <div
          role="rowgroup"
          className={cx('relative min-w-(--least)', props.stale && 'opacity-60')}
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map((item) => {
            const row = rows[item.index]
            return (
              row !== undefined && (
                <div
                  key={item.key}
                  className="absolute inset-x-0 top-0"
                  role="presentation"
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <GridRow {...shown} row={row} id={ids[item.index] ?? ''} index={item.index} />
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
  )
}

const lineLook = 'grid grid-cols-(--tracks) items-center gap-x-4 px-(--edge)'

function HeadRow<Row>({ columns, selection, ids, sort, onSort, actions }: Props<Row>) {
  const taken = selection ? ids.filter((id) => selection.ids.has(id)).length : 0
  return (
    <div role="rowgroup" className="sticky top-0 z-10 min-w-(--least)">
      <div
        role="row"
        aria-rowindex={1}
        className={cx(lineLook, 'h-8 border-b border-n5 bg-n2 text-xs font-medium text-n10')}
      >
        {selection && (
          <span role="columnheader" className="flex">
            <Checkbox
              aria-label="Select all loaded rows"
              checked={taken > 0 && (taken < ids.length ? 'indeterminate' : true)}
              onCheckedChange={() => selection.toggleAll(ids)}
            />
          </span>
        )}
        {columns.map((column) => (
          <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
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

interface HeadCellProps<Row> {
  column: Column<Row>
  sort: Sort | null
  onSort: (sort: Sort) => void
}

function HeadCell<Row>({ column: { header, sort: by, align }, sort, onSort }: HeadCellProps<Row>) {
  const direction = by !== undefined && sort?.by === by ? sort.direction : null
  const Icon = direction === 'asc' ? ArrowUp : ArrowDown
  const order = direction === null ? undefined : direction === 'asc' ? 'ascending' : 'descending'
  return (
    <span role="columnheader" aria-sort={order} className={cx('truncate', align === 'end' && 'text-right')}>
      {by === undefined ? (
        header
      ) : (
        <button
          type="button"
          className="group -mx-1 inline-flex items-center gap-1 rounded-xs px-1 hover:text-n12"
          onClick={() => onSort({ by, direction: direction === 'desc' ? 'asc' : 'desc' })}
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
      )}
    </span>
  )
}

interface GridRowProps<Row> extends Props<Row> {
  row: Row
  id: string
  index: number
}

function GridRow<Row>({
  row,
  id,
  index,
  columns,
  cursor,
  inspected,
  selection,
  onPick,
  actions,
  actionsFor,
  onActions,
  rowName,
}: GridRowProps<Row>) {
  const selected = selection?.ids.has(id) ?? false
  return (
    <div
      role="row"
      id={`row-${id}`}
      aria-rowindex={index + 2}
      aria-selected={selection ? selected : id === inspected}
      onClick={(event) => {
        if (
          event.target instanceof Element &&
          event.target.closest('a, button, input, [role=menuitem], [role=checkbox]')
        )
          return
        onPick(id)
      }}
      className={cx(
        lineLook,
        'group/row h-row border-b border-n5 bg-n1 hover:bg-n2',
        (selected || id === inspected) && 'bg-accent-surface hover:bg-accent-surface',
        id === cursor && 'shadow-[inset_2px_0_0_var(--accent)]',
      )}
    >
      {selection && (
        <span role="gridcell" className="flex">
          <Checkbox
            aria-label={`Select ${rowName(row)}`}
            checked={selected}
            onCheckedChange={() => selection.toggle(id)}
            tabIndex={-1}
          />
        </span>
      )}
      {columns.map((column) => (
        <span
          key={column.id}
          role="gridcell"
          className={cx('min-w-0 truncate', column.align === 'end' && 'text-right')}
        >
          {column.cell(row)}
        </span>
      ))}
      {actions && (
        <span
          role="gridcell"
          className="sticky right-0 -mr-(--edge) flex h-full items-center justify-end bg-inherit pr-(--edge)"
        >
          <RowMenu
            name={rowName(row)}
            actions={actions(row)}
            open={actionsFor === id}
            onOpenChange={(open) => onActions(open ? id : null)}
          />
        </span>
      )}
    </div>
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
