import type { RowData } from '@tanstack/react-table'
import { useCommands } from '../../commands/command-center.tsx'
import { type ListTable, toggleRow, toggleRows } from './list-table.ts'
import type { ListPageProps } from './list.types.ts'

interface Keys<Row extends RowData> extends Pick<
  ListPageProps<Row>,
  'actions' | 'bulk' | 'create' | 'edit' | 'filters' | 'inspector' | 'rowId'
> {
  table: ListTable<Row>
  ids: readonly string[]
  /** Where the cursor is among the rows, and its row. */
  at: number
  current: Row | undefined
  isInspecting: boolean
  move: (to: number) => void
  inspect: (id: string | null) => void
  open: (row: Row) => void
  /** Leaves all selected rows. */
  leave: () => void
  openActions: () => void
  openFilter: () => void
  openView: () => void
  search: () => void
}

/** Answers the commands of lists, as far as this list and the row under the cursor can. */
export function useListKeys<Row extends RowData>(list: Keys<Row>): void {
  const { table, ids, at, current, inspector, bulk, create, filters = {}, isInspecting } = list
  const hasActions = current !== undefined && (list.actions?.(current).length ?? 0) > 0
  const hasSelection = Object.keys(table.state.rowSelection).length > 0
  useCommands({
    'list.next': () => list.move(at + 1),
    'list.previous': () => list.move(at < 0 ? 0 : at - 1),
    'list.first': () => list.move(0),
    'list.last': () => list.move(ids.length - 1),
    'list.view': list.openView,
    ...(current !== undefined && {
      'list.inspect': () => (inspector ? list.inspect(list.rowId(current)) : list.open(current)),
      'list.open': () => list.open(current),
      ...(bulk && { 'list.select': () => toggleRow(table, list.rowId(current)) }),
      ...(hasActions && { 'list.actions': list.openActions }),
      ...(list.edit && { 'list.edit': () => list.edit?.(current) }),
    }),
    ...(bulk && { 'list.selectAll': () => toggleRows(table, ids) }),
    ...(Object.keys(filters).length > 0 && { 'list.filter': list.openFilter }),
    ...('q' in filters && { 'list.search': list.search }),
    ...(create && { 'list.create': create }),
    ...((isInspecting || hasSelection) && {
      'list.escape': () => (isInspecting ? list.inspect(null) : list.leave()),
    }),
  })
}
