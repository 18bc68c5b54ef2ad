import { type ReactNode, useId } from 'react'
import { Button } from '../button.tsx'
import type { Form } from './use-form.ts'

interface Props<V extends object> {
  form: Form<V>
  path: string
  /** What the field is called. */
  label?: ReactNode
  /** How the field's values are read. */
  print?: ((value: unknown) => string) | undefined
}

/** Both sides of a field that somebody else changed, too, and the choice between them. Nothing where there is one side. */
export function ClashChoice<V extends object>({ form, path, label, print = printed }: Props<V>) {
  const title = useId()
  const clash = form.clashes.find((one) => one.path === path)
  if (!clash) return null
  const sides = [
    { side: 'Yours', value: clash.mine, action: 'Keep yours' },
    { side: 'Theirs', value: clash.theirs, action: 'Use theirs' },
  ]
  return (
    <div
      id={`${form.idOf(path)}-clash`}
      data-clash
      role="group"
      tabIndex={-1}
      aria-labelledby={title}
      className="mt-1 rounded-sm border border-warn-border bg-warn-surface text-sm"
    >
      <p id={title} className="px-3 pt-2 font-medium text-warn">
        {label && <span className="sr-only">{label}: </span>}
        Someone else changed this too
      </p>
      {sides.map(({ side, value, action }) => (
        <div key={side} className="flex items-start gap-3 px-3 py-2">
          <div className="min-w-0 flex-1">
            <p className="text-n11">{side}</p>
            <p className="pane max-h-28 break-words whitespace-pre-wrap text-n12">{print(value) || '(empty)'}</p>
          </div>
          <Button size="small" onClick={() => form.settle(path, value)}>
            {action}
          </Button>
        </div>
      ))}
    </div>
  )
}

function printed(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}
