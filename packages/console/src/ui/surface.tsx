import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'

interface SurfaceProps extends Omit<ComponentProps<'section'>, 'title' | 'about'> {
  title?: ReactNode | undefined
  /** One sentence under the title. */
  about?: ReactNode | undefined
  /** At the right of the title. */
  action?: ReactNode | undefined
  /** Without padding, for tables and lists that reach the border. */
  flush?: boolean | undefined
  danger?: boolean | undefined
}

/** A bordered part of a page with a heading of its own. */
export function Surface({ title, about, action, flush, danger, className, children, ...props }: SurfaceProps) {
  return (
    <section
      className={cx('rounded-lg border bg-raised', danger ? 'border-bad-border' : 'border-n5', className)}
      {...props}
    >
      {(title ?? action) && (
        <header className={cx('flex items-start justify-between gap-3 px-4 pt-3', flush && 'pb-3')}>
          <div>
            <h2 className={cx('font-semibold', danger && 'text-bad')}>{title}</h2>
            {about && <p className="text-sm text-n11">{about}</p>}
          </div>
          {action}
        </header>
      )}
      <div className={cx(!flush && 'p-4')}>{children}</div>
    </section>
  )
}

/** Names and values, one under the other: `<Facts><Fact name="Type">ADK</Fact></Facts>`. */
export function Facts({ children, className }: { children: ReactNode; className?: string | undefined }) {
  return <dl className={cx('grid grid-cols-[minmax(6rem,max-content)_1fr] gap-x-6 gap-y-2', className)}>{children}</dl>
}

export function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="text-n10">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  )
}
