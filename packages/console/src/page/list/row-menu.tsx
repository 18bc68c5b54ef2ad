import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import type { RowAction } from './list.types.ts'

interface Props {
  name: string
  actions: RowAction[]
  open: boolean
  onOpenChange: (open: boolean) => void
  returnFocus?: () => boolean
}

/** The `…` of a row, also opened with `.`; what destroys stands apart at the end. A menu is made when it is first opened. */
export function RowMenu({ name, actions, open, onOpenChange, returnFocus }: Props) {
  const [used, setUsed] = useState(open)
  if (open && !used) setUsed(true)
  if (actions.length === 0) return null
  const trigger = (
    <Button
      look="ghost"
      size="smallIcon"
      aria-label={`Actions for ${name}`}
      tabIndex={-1}
      className="text-n10"
      {...(!used && { 'aria-haspopup': 'menu', 'aria-expanded': false, onClick: () => onOpenChange(true) })}
    >
      <Ellipsis aria-hidden />
    </Button>
  )
  if (!used) return trigger
  return (
    <Menu open={open} onOpenChange={onOpenChange} returnFocus={returnFocus} trigger={trigger}>
      <ActionItems actions={actions} />
    </Menu>
  )
}

/** Actions as menu items, for menus of one's own. */
export function ActionItems({ actions }: { actions: RowAction[] }) {
  const calm = actions.filter((action) => !action.danger)
  const dangerous = actions.filter((action) => action.danger)
  return (
    <>
      {calm.map((action) => (
        <Item key={action.label} {...action} />
      ))}
      {calm.length > 0 && dangerous.length > 0 && <MenuSeparator />}
      {dangerous.map((action) => (
        <Item key={action.label} {...action} />
      ))}
    </>
  )
}

function Item({ label, icon: Icon, run, danger, reason, keys }: RowAction) {
  return (
    <MenuItem onSelect={run} danger={danger ?? false} reason={reason} keys={keys}>
      {Icon && <Icon aria-hidden />}
      {label}
    </MenuItem>
  )
}
