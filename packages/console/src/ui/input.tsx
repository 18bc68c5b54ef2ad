import { ChevronsUpDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cx } from './cx.ts'

const controlLook =
  'w-full rounded-sm border border-n8/70 bg-raised px-2.5 text-base text-n12 transition-colors hover:border-n8 focus-visible:border-ring focus-visible:outline-1 focus-visible:outline-offset-0 disabled:bg-n3 disabled:text-n10 aria-invalid:border-bad'

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input className={cx(controlLook, 'h-control', className)} {...props} />
}

/** Grows with its text where the browser can. */
export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea className={cx(controlLook, 'field-sizing-content min-h-20 py-1.5', className)} {...props} />
}

/** The browser's own: its keys and its list are the ones people know. For long lists take Combobox. */
export function Select({ className, children, ...props }: ComponentProps<'select'>) {
  return (
    <span className={cx('relative block', className)}>
      <select className={cx(controlLook, 'h-control appearance-none pr-8')} {...props}>
        {children}
      </select>
      <ChevronsUpDown
        className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2 text-n10"
        aria-hidden
      />
    </span>
  )
}
