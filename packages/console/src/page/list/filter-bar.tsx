import { ListFilter, X } from 'lucide-react'
import { type ReactNode, type RefObject, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { type Filter, type Filters, conditionsOf } from './conditions.ts'
import { withCondition } from '../../base/search.ts'
import { ConditionEditor } from './condition-editor.tsx'
import { SearchBox } from './search-box.tsx'

interface Props {
  filters: Filters
  search: Record<string, unknown>
  onChange: (search: Record<string, unknown>) => void
  clear: () => void
  /** Whether the menu of conditions is open: `f` opens it. */
  open: boolean
  onOpenChange: (open: boolean) => void
  input: RefObject<HTMLInputElement | null>
  /** At the end of the bar. */
  children: ReactNode
}

/** Conditions as chips; only complete ones reach the address and with it the list. */
export function FilterBar({ filters, search, onChange, clear, open, onOpenChange, input, children }: Props) {
  const [editing, setEditing] = useState<string | null>(null)
  const conditions: Record<string, string | string[] | undefined> = conditionsOf(filters, search)
  const chips = Object.entries(conditions)
    .filter(([name]) => name !== 'q')
    .flatMap(([name, value]) => [value ?? []].flat().map((one) => ({ name, value: one })))
  const offered = Object.entries(filters).filter(
    ([name, { kind }]) => name !== 'q' && (kind === 'pair' || conditions[name] === undefined),
  )
  const set = (name: string, value: string | undefined): void => {
    const filter = filters[name]
    const before = [conditions[name] ?? []].flat()
    onChange(withCondition(search, name, value && filter?.kind === 'pair' ? [...new Set([...before, value])] : value))
    setEditing(null)
  }
  const remove = ({ name, value }: { name: string; value: string }): void => {
    const left = [conditions[name] ?? []].flat().filter((one) => one !== value)
    onChange(withCondition(search, name, left))
  }
  const edited = editing === null ? undefined : filters[editing]

  return (
    <div role="toolbar" aria-label="Filters" className="flex shrink-0 flex-wrap items-center gap-2 px-6 pt-3">
      {filters['q'] && (
        <SearchBox label={filters['q'].label} value={conditions['q']} onChange={(q) => set('q', q)} input={input} />
      )}
      {chips.map((chip) => (
        <span
          key={`${chip.name} ${chip.value}`}
          className="inline-flex h-7 items-center rounded-sm border border-accent-border bg-accent-surface pl-2 text-sm text-accent-text"
        >
          <span>
            {filters[chip.name]?.label} <span className="font-medium">{wordOf(filters[chip.name], chip.value)}</span>
          </span>
          <button
            type="button"
            className="flex size-7 items-center justify-center"
            aria-label={`Remove the filter ${filters[chip.name]?.label} ${chip.value}`}
            onClick={() => remove(chip)}
          >
            <X className="size-3.5" aria-hidden />
          </button>
        </span>
      ))}
      {edited && editing !== null ? (
        <ConditionEditor
          key={editing}
          filter={edited}
          onDone={(value) => set(editing, value)}
          onCancel={() => setEditing(null)}
        />
      ) : (
        offered.length > 0 && (
          <Menu
            align="start"
            open={open}
            onOpenChange={onOpenChange}
            trigger={
              <Button size="small" look="ghost" className={cx(chips.length === 0 && !filters['q'] && '-ml-2')}>
                <ListFilter aria-hidden />
                Filter
              </Button>
            }
          >
            {offered.map(([name, filter]) => (
              <MenuItem key={name} onSelect={() => setEditing(name)}>
                {filter.label}
              </MenuItem>
            ))}
          </Menu>
        )
      )}
      {chips.length > 1 && (
        <Button size="small" look="ghost" onClick={clear}>
          Clear
        </Button>
      )}
      {children}
    </div>
  )
}

function wordOf(filter: Filter | undefined, value: string): string {
  return filter?.kind === 'choice' ? (filter.options.find((option) => option.value === value)?.label ?? value) : value
}
