import { type ReactNode, useEffect } from 'react'
import { cx } from './cx.ts'

interface PageProps {
  /** Also the window's title. */
  title: string
  /** Instead of the title's text, such as with a state beside it. */
  heading?: ReactNode | undefined
  about?: ReactNode | undefined
  /** The two that matter, the primary last; the rest under a menu. */
  actions?: ReactNode | undefined
  /** Tabs under the header. */
  tabs?: ReactNode | undefined
  /** How wide the content may become. */
  width?: 'narrow' | 'normal' | 'full' | undefined
  children: ReactNode
}

const widths = { narrow: 'max-w-2xl', normal: 'max-w-6xl', full: '' }

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Steward`
  }, [title])
}

/** A page with its header, scrolling by itself. Lists take ListPage (page/list). */
export function Page({ title, heading, about, actions, tabs, width = 'normal', children }: PageProps) {
  useTitle(title)
  return (
    <div className="pane h-full">
      <div className={cx('px-6 pt-5 pb-6', widths[width])}>
        <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          {/* As wide as is left, but not so narrow that the name cannot be read: then the actions go below. */}
          <div className="min-w-0 flex-[1_1_20rem]">
            <h1 className="flex min-h-control items-center gap-2 text-xl font-semibold">
              {typeof heading === 'string' ? (
                <span className="truncate" title={heading}>
                  {heading}
                </span>
              ) : (
                (heading ?? title)
              )}
            </h1>
            {about && <p className="text-n11">{about}</p>}
          </div>
          {actions && <div className="flex shrink-0 items-center gap-2">{actions}</div>}
        </header>
        {tabs && <div className="mt-2">{tabs}</div>}
        <div className="mt-5">{children}</div>
      </div>
    </div>
  )
}
