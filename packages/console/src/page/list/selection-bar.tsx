import { X } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { count } from '../../ui/time-text.ts'
import type { RowAction } from './list.types.ts'

interface Props {
  noun: readonly [string, string]
  count: number
  actions: RowAction[]
  clear: () => void
}

/** What can be done with the selected rows. */
export function SelectionBar({ noun, count: chosen, actions, clear }: Props) {
  return (
    <div
      role="toolbar"
      aria-label="Selection"
      className="flex shrink-0 animate-appear items-center gap-2 border-t border-n6 bg-raised px-6 py-2"
    >
      <span className="mr-2 font-medium" aria-live="polite">
        {count(chosen, noun)} selected
      </span>
      {actions.map(({ label, icon: Icon, run, danger, reason }) => (
        <Button
          key={label}
          size="small"
          look={danger ? 'dangerQuiet' : 'plain'}
          onClick={run}
          disabled={reason !== undefined}
          title={reason}
        >
          {Icon && <Icon aria-hidden />}
          {label}
        </Button>
      ))}
      <Button look="ghost" size="small" onClick={clear} className="ml-auto">
        <X aria-hidden />
        Clear selection
      </Button>
    </div>
  )
}
