import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'

interface SurfaceProps extends Omit<ComponentProps<'section'>, 'title' | 'about'> {
  title?: ReactNode | undefined
  /** How many things are in it, beside the title. */
  count?: ReactNode | undefined
  /** One sentence under the title. */
  about?: ReactNode | undefined
  /** At the right of the title. */
  action?: ReactNode | undefined
  /** Without padding, for tables and lists that reach the border. */
  flush?: boolean | undefined
  danger?: boolean | undefined
}

/** A bordered part of a page with a heading of its own. */
export function Surface({ title, count, about, action, flush, danger, className, children, ...props }: SurfaceProps) {
  return (
    <section
      className={cx('rounded-lg border bg-raised', danger ? 'border-bad-border' : 'border-n5', className)}
      {...props}
    >
      {(title ?? action) && (
        <header
          className={cx(
            'flex justify-between gap-3 px-4 pt-3',
            about ? 'items-start' : 'items-center',
            flush && 'pb-3',
          )}
        >
          <div className="min-w-0">
            <h2 className={cx('font-semibold', danger && 'text-bad')}>
              {title}
              {count !== undefined && <span className="ml-2 font-normal text-n10">{count}</span>}
            </h2>
            {about && <p className="text-sm text-n11">{about}</p>}
          </div>
          {action}
        </header>
      )}
      <div className={cx(!flush && (title ? 'px-4 pt-3 pb-4' : 'p-4'))}>{children}</div>
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
