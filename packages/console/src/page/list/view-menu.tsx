import { useParams } from '@tanstack/react-router'
import { useAddress } from '../address.ts'
import { Columns3, Pencil, RotateCcw, Save, Trash2 } from 'lucide-react'
import { lazy, useState } from 'react'
import { Late } from '../../ui/late.tsx'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuCheck, MenuChoice, MenuChoices, MenuItem, MenuLabel, MenuSeparator } from '../../ui/menu.tsx'
import type { columnChoices } from './list-table.ts'
import { useSavedViews } from './saved-views.ts'
import { searchOf, viewOf, withoutView } from './view.ts'

// With zod in it, which the list can do without.
const ViewDialog = lazy(() => import('./view-dialog.tsx').then(({ ViewDialog: it }) => ({ default: it })))

interface Props {
  list: string
  search: Record<string, unknown>
  columns: ReturnType<typeof columnChoices>
  /** Null while the columns are the usual ones. */
  resetColumns: (() => void) | null
  /** The columns in words of the address: a kept view names them all. */
  shownColumns: string
  open: boolean
  onOpenChange: (open: boolean) => void
  returnFocus: () => boolean
}

/** Which columns to show, and the views that a person keeps. */
export function ViewMenu({ list, search, columns, resetColumns, shownColumns, ...menu }: Props) {
  const { workspaceId } = useParams({ strict: false })
  const { go } = useAddress()
  const { views, known, keep } = useSavedViews(list, workspaceId)
  const [asked, setAsked] = useState<'save' | 'rename' | null>(null)
  const here = viewOf({ ...search, cols: shownColumns })
  const current = views.find((view) => view.search === here)
  const show = (name: string): void => {
    const view = views.find((one) => one.name === name)
    if (view) go(searchOf(view), false)
  }
  const remove = (name: string): void =>
    void keep(withoutView(views, name), `View ${name} deleted`).catch(() => undefined)
  return (
    <>
      <Menu
        {...menu}
        className="min-w-56"
        trigger={
          <Button size="small" look="ghost" className="ml-auto max-w-60">
            <Columns3 aria-hidden />
            <span className="truncate">{current ? current.name : 'View'}</span>
          </Button>
        }
      >
        {views.length > 0 && (
          <>
            <MenuLabel>Saved views</MenuLabel>
            <MenuChoices value={current?.name ?? ''} onValueChange={show}>
              {views.map(({ name }) => (
                <MenuChoice key={name} value={name}>
                  <span className="max-w-60 truncate">{name}</span>
                </MenuChoice>
              ))}
            </MenuChoices>
            <MenuSeparator />
          </>
        )}
        {known && !current && (
          <MenuItem onSelect={() => setAsked('save')}>
            <Save aria-hidden />
            Save this view…
          </MenuItem>
        )}
        {current && (
          <>
            <MenuItem onSelect={() => setAsked('rename')}>
              <Pencil aria-hidden />
              Rename this view…
            </MenuItem>
            <MenuItem danger onSelect={() => remove(current.name)}>
              <Trash2 aria-hidden />
              Delete this view
            </MenuItem>
          </>
        )}
        {known && <MenuSeparator />}
        <MenuLabel>
          Columns <span className="float-right ml-4 font-normal">Alt ↑ ↓ to move</span>
        </MenuLabel>
        {columns.map(({ id, label, shown, free, toggle, move }) => (
          <MenuCheck
            key={id}
            checked={shown}
            disabled={!free}
            onCheckedChange={toggle}
            onKeyDown={(event) => {
              if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
              event.preventDefault()
              move(event.key === 'ArrowUp' ? -1 : 1)
              // An element that changes its place loses the focus.
              const { currentTarget: item } = event
              requestAnimationFrame(() => item.focus())
            }}
          >
            {label}
          </MenuCheck>
        ))}
        {resetColumns && (
          <MenuItem onSelect={resetColumns}>
            <RotateCcw aria-hidden />
            Reset columns
          </MenuItem>
        )}
      </Menu>
      <Late>
        {asked && (
          <ViewDialog
            views={views}
            search={here}
            {...(asked === 'rename' && current && { renamed: current.name })}
            keep={keep}
            onClose={() => setAsked(null)}
          />
        )}
      </Late>
    </>
  )
}
