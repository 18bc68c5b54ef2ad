import {
  type ReactTable,
  type RowData,
  type RowSelectionState,
  columnOrderingFeature,
  columnVisibilityFeature,
  functionalUpdate,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useMemo, useState } from 'react'
import { textOf, withCondition } from '../../base/search.ts'
import { readSetting, writeSetting } from '../../base/setting.ts'
import { parseSort, printSort } from './conditions.ts'
import type { Column, ListPageProps } from './list.types.ts'
import { defaultColumns, movedColumn, parseColumns, withColumns } from './view.ts'

const features = tableFeatures({
  columnOrderingFeature,
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
})

export type ListTable<Row extends RowData> = ReactTable<typeof features, Row>

interface Options<Row> extends Pick<ListPageProps<Row>, 'id' | 'columns' | 'sorted' | 'rowId'> {
  rows: Row[]
  search: Record<string, unknown>
  onSearch: (next: Record<string, unknown>) => void
}

/**
 * The model of a list's columns, order and selection. The order and the columns stand in the address; the columns that a
 * person chose last are those of an address that names none. Rows are the server's: no row model is ever asked for.
 */
export function useListTable<Row extends RowData>({
  id,
  columns,
  sorted,
  rowId,
  rows,
  search,
  onSearch,
}: Options<Row>) {
  const remembered = `columns.${id}` as const
  const usual = defaultColumns(columns)
  const shownIds = parseColumns(textOf(search, 'cols') ?? readSetting(remembered), columns) ?? usual
  const shownText = shownIds.join(',')
  const sort = sortOf(search, { columns, sorted })
  const sortedId = columns.find((column) => column.sort !== undefined && column.sort === sort?.by)?.id
  const descending = sort?.direction === 'desc'
  const [rowSelection, setRowSelection] = useState<RowSelectionState>({})
  const defs = useMemo(() => columns.map(definitionOf), [columns])
  const state = useMemo(() => {
    const shown = shownText.split(',')
    return {
      columnOrder: shown,
      columnVisibility: Object.fromEntries(columns.map((column) => [column.id, shown.includes(column.id)])),
      sorting: sortedId === undefined ? [] : [{ id: sortedId, desc: descending }],
      rowSelection,
    }
  }, [columns, shownText, sortedId, descending, rowSelection])
  const showColumns = (ids: readonly string[]): void => {
    const text = ids.join(',') === usual.join(',') ? null : ids.join(',')
    writeSetting(remembered, text)
    onSearch(withCondition(search, 'cols', text ?? undefined))
  }
  const table: ListTable<Row> = useTable({
    features,
    columns: defs,
    data: rows,
    getRowId: rowId,
    manualSorting: true,
    enableSortingRemoval: false,
    sortDescFirst: true,
    state,
    onRowSelectionChange: setRowSelection,
    onColumnOrderChange: (change) => showColumns(functionalUpdate(change, shownIds)),
    onColumnVisibilityChange: (change) => {
      const next = functionalUpdate(change, state.columnVisibility)
      const wanted = new Set(Object.keys(next).filter((one) => next[one]))
      showColumns(withColumns(shownIds, wanted, columns))
    },
    onSortingChange: (change) => {
      const [next] = functionalUpdate(change, state.sorting)
      const by = columns.find((column) => column.id === next?.id)?.sort
      if (next && by !== undefined)
        onSearch(withCondition(search, 'sort', printSort({ by, direction: next.desc ? 'desc' : 'asc' })))
    },
  })
  return {
    table,
    /** The columns as the address names them. */
    shown: shownText,
    /** Null while the usual columns show. */
    resetColumns: shownText === usual.join(',') ? null : () => showColumns(usual),
  }
}

/** What the list is ordered by: what the address says, else what the server does by itself. */
function sortOf<Row>(
  search: Record<string, unknown>,
  { columns, sorted }: { columns: readonly Column<Row>[]; sorted: string | undefined },
) {
  const known = columns.flatMap((column) => (column.sort === undefined ? [] : [column.sort]))
  return parseSort(search['sort'], known) ?? parseSort(sorted, known)
}

function definitionOf<Row>(column: Column<Row>, place: number) {
  return {
    id: column.id,
    header: column.header,
    // Never read: it says that there is something to sort by.
    accessorFn: () => null,
    enableSorting: column.sort !== undefined,
    sortDescFirst: column.ascendingFirst !== true,
    enableHiding: place > 0,
  }
}

/** Takes or leaves one row, whether it is among those that the table knows or not. */
export function toggleRow<Row extends RowData>(table: ListTable<Row>, id: string): void {
  table.setRowSelection(({ [id]: taken, ...others }) => (taken ? others : { ...others, [id]: true }))
}

/** Takes all of these; leaves every row when all of these were taken. */
export function toggleRows<Row extends RowData>(table: ListTable<Row>, ids: readonly string[]): void {
  table.setRowSelection((before) =>
    ids.every((id) => before[id]) ? {} : Object.fromEntries(ids.map((id) => [id, true as const])),
  )
}

/** The columns for a menu: those that show in their order, the others where they would come. */
export function columnChoices<Row extends RowData>(table: ListTable<Row>, columns: readonly Column<Row>[]) {
  const shown = table.getVisibleLeafColumns().map(({ id }) => id)
  const all = new Set(columns.map(({ id }) => id))
  return withColumns(shown, all, columns).map((id) => ({
    id,
    label: columns.find((column) => column.id === id)?.header ?? id,
    shown: shown.includes(id),
    free: table.getColumn(id)?.getCanHide() ?? false,
    toggle: () => table.getColumn(id)?.toggleVisibility(),
    move: (by: 1 | -1) => table.setColumnOrder(movedColumn(shown, id, by)),
  }))
}

/** Those of many that are taken; mostly none is, and then none is looked at. */
export function takenOf<T>(taken: RowSelectionState, all: readonly T[], idOf: (one: T) => string): T[] {
  return Object.keys(taken).length === 0 ? [] : all.filter((one) => taken[idOf(one)])
}
