import type { LucideIcon } from 'lucide-react'
import { FilterX } from 'lucide-react'
import { lazy, type ReactNode } from 'react'
import { Late } from '../ui/late.tsx'
import { Button } from '../ui/button.tsx'
import type { ApiRequest } from './copy-as/request.ts'
import { cx } from '../ui/cx.ts'
import { Centered } from '../ui/error-state.tsx'

const RequestCode = lazy(() => import('./copy-as/request-code.tsx'))

interface EmptyProps {
  icon: LucideIcon
  title: string
  /** What this is, in a sentence or two. */
  children: ReactNode
  /** The one next step. */
  action?: ReactNode | undefined
  /** The call that makes the first one: shown as a command to copy, with the real ids in it. */
  request?: ApiRequest | undefined
  className?: string | undefined
}

export function EmptyState({ icon: Icon, title, children, action, request, className }: EmptyProps) {
  return (
    <Centered icon={<Icon className="text-n11" aria-hidden />} title={title} className={cx('max-w-xl', className)}>
      <div className="max-w-md">{children}</div>
      {action && <div className="mt-3">{action}</div>}
      {request && (
        <div className="mt-6 w-full text-left">
          <Late>
            <RequestCode request={request} />
          </Late>
        </div>
      )}
    </Centered>
  )
}

/** Nothing matches the filters. */
export function FilteredEmptyState({ what, clear }: { what: string; clear: () => void }) {
  return (
    <Centered icon={<FilterX className="text-n10" aria-hidden />} title={`No ${what} match these filters`}>
      <p>Remove one of them, or clear all.</p>
      <Button onClick={clear} className="mt-3">
        Clear filters
      </Button>
    </Centered>
  )
}
