import { memo } from 'react'
import { RowCheckbox } from '../../ui/checkbox.tsx'
import { cx } from '../../ui/cx.ts'
import type { Column, RowAction } from './list.types.ts'
import { RowMenu } from './row-menu.tsx'

export const lineLook = 'grid grid-cols-(--tracks) items-center gap-x-4 px-(--edge)'

/** What a row asks of its list; the same object all the time. */
export interface RowAnswers<Row> {
  pick: (id: string) => void
  toggle: (id: string) => void
  openActions: (id: string | null) => void
  /** Back to the list, where its keys are answered. */
  focus: () => boolean
  actions: (row: Row) => RowAction[]
}

interface Props<Row> {
  row: Row
  id: string
  name: string
  index: number
  columns: readonly Column<Row>[]
  selectable: boolean
  selected: boolean
  /** Under the cursor. */
  current: boolean
  inspected: boolean
  /** Whether its menu is open; null for lists without actions. */
  menu: boolean | null
  answers: RowAnswers<Row>
}

/** One line. While one scrolls, types or moves, the lines that stay as they are are not made anew. */
export const GridRow = memo(Line) as typeof Line

function Line<Row>(props: Props<Row>) {
  const { row, id, name, index, columns, selectable, selected, current, inspected, menu, answers } = props
  return (
    <div
      role="row"
      id={`row-${id}`}
      aria-rowindex={index + 2}
      aria-selected={selectable ? selected : inspected}
      onClick={(event) => {
        if (
          event.target instanceof Element &&
          event.target.closest('a, button, input, [role=menuitem], [role=checkbox]')
        )
          return
        answers.pick(id)
      }}
      className={cx(
        lineLook,
        'group/row h-row border-b border-n5 bg-n1 hover:bg-n2',
        (selected || inspected) && 'bg-accent-surface hover:bg-accent-surface',
        current && 'shadow-[inset_2px_0_0_var(--accent)]',
      )}
    >
      {selectable && (
        <span role="gridcell" className="flex">
          <RowCheckbox label={`Select ${name}`} checked={selected} onToggle={() => answers.toggle(id)} />
        </span>
      )}
      {columns.map((column) => (
        <span
          key={column.id}
          role="gridcell"
          className={column.align === 'end' ? 'min-w-0 truncate text-right' : 'min-w-0 truncate'}
        >
          {column.cell(row)}
        </span>
      ))}
      {menu !== null && (
        <span
          role="gridcell"
          className="sticky right-0 -mr-(--edge) flex h-full items-center justify-end bg-inherit pr-(--edge)"
        >
          <RowMenu
            name={name}
            actions={answers.actions(row)}
            open={menu}
            onOpenChange={(open) => answers.openActions(open ? id : null)}
            returnFocus={answers.focus}
          />
        </span>
      )}
    </div>
  )
}
