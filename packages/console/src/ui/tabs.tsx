import { Link, type LinkProps } from '@tanstack/react-router'
import { Tabs as Primitive } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'

const barLook = 'flex gap-4 border-b border-n5'
const tabLook =
  '-mb-px inline-flex h-9 items-center gap-1.5 border-b-2 border-transparent whitespace-nowrap text-n11 transition-colors hover:text-n12 data-[state=active]:border-ring data-[state=active]:font-medium data-[state=active]:text-n12 data-[status=active]:border-ring data-[status=active]:font-medium data-[status=active]:text-n12'

/** Tabs that are pages of their own: the address says which one is open. */
export function LinkTabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className={cx(barLook, 'overflow-x-auto')}>
      {children}
    </nav>
  )
}

export function LinkTab({ children, ...link }: LinkProps & { children: string }) {
  return (
    <Link {...link} className={tabLook} activeOptions={{ includeSearch: false, ...link.activeOptions }}>
      {/* As wide as it is when it is chosen, so that its neighbours stay where they are. */}
      <span
        data-text={children}
        className="inline-flex flex-col after:invisible after:h-0 after:overflow-hidden after:font-medium after:content-[attr(data-text)/'']"
      >
        {children}
      </span>
    </Link>
  )
}

/** Tabs within a page: `<Tabs defaultValue="a"><TabList label="…"><Tab value="a">…</Tab></TabList><TabPanel value="a">…`. */
export const Tabs = Primitive.Root
export const TabPanel = Primitive.Content

export function TabList({ label, className, ...props }: ComponentProps<typeof Primitive.List> & { label: string }) {
  return <Primitive.List aria-label={label} className={cx(barLook, className)} {...props} />
}

export function Tab({ className, ...props }: ComponentProps<typeof Primitive.Trigger>) {
  return <Primitive.Trigger className={cx(tabLook, className)} {...props} />
}
