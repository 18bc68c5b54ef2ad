import { CircleAlert } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { cx } from './cx.ts'

export interface ControlProps {
  id: string
  'aria-invalid'?: true
  'aria-describedby'?: string
}

export interface FieldProps {
  label: ReactNode
  /** What it is for or which form it takes; stays while there is an error. */
  help?: ReactNode | undefined
  error?: string | null | undefined
  optional?: boolean | undefined
  id?: string | undefined
  className?: string | undefined
  /** Under all of it. */
  below?: ReactNode | undefined
  /** Gets what ties the control to its label, help and error: `{(control) => <Input {...control} />}`. */
  children: (control: ControlProps) => ReactNode
}

/** Label above, control, help and error under it. */
export function Field({ label, help, error, optional, id, className, below, children }: FieldProps) {
  const made = useId()
  const own = id ?? made
  const told = [help && `${own}-help`, error && `${own}-error`].filter(Boolean).join(' ')
  return (
    <div className={cx('flex flex-col gap-1', className)}>
      <label htmlFor={own} className="text-sm font-medium text-n12">
        {label}
        {optional && <span className="font-normal text-n10"> (optional)</span>}
      </label>
      {children({ id: own, ...(error && { 'aria-invalid': true }), ...(told && { 'aria-describedby': told }) })}
      <FieldError id={own} error={error} />
      {help && (
        <p id={`${own}-help`} className="text-sm text-n10">
          {help}
        </p>
      )}
      {below}
    </div>
  )
}

/** What is wrong with the control of this id. */
export function FieldError({ id, error }: { id: string; error: string | null | undefined }) {
  if (!error) return null
  return (
    <p id={`${id}-error`} className="flex items-start gap-1 text-sm text-bad">
      <CircleAlert className="mt-0.5 size-3.5 shrink-0" aria-hidden />
      {error}
    </p>
  )
}
