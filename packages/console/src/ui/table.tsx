import type { ComponentProps } from 'react'
import { cx } from './cx.ts'

/* A plain table, for short things within a page. Lists of their own take page/list. */

/** Where it does not fit it scrolls by itself; columns may hide by the width of this container. */
export function Table({ className, ...props }: ComponentProps<'table'>) {
  return (
    <div className="@container overflow-x-auto rounded-b-lg">
      <table className={cx('w-full border-collapse text-left', className)} {...props} />
    </div>
  )
}

export function Th({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      className={cx(
        'h-8 border-b border-n5 px-3 text-xs font-medium whitespace-nowrap text-n10 first:pl-4 last:pr-4',
        className,
      )}
      {...props}
    />
  )
}

export function Tr({ className, ...props }: ComponentProps<'tr'>) {
  return <tr className={cx('border-b border-n5 last:border-b-0', className)} {...props} />
}

export function Td({ className, ...props }: ComponentProps<'td'>) {
  return <td className={cx('h-row px-3 py-1.5 first:pl-4 last:pr-4', className)} {...props} />
}
