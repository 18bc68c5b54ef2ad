import { Link } from '@tanstack/react-router'
import { CircleAlert, Lock, RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { type Failure, failureOf } from '../base/failure.ts'
import { Button } from './button.tsx'
import { CopyId } from './copy.tsx'
import { cx } from './cx.ts'

/** One failure in a few lines, inside a form, a dialog or a part of a page. */
export function ErrorNote({ failure, className }: { failure: Failure; className?: string | undefined }) {
  return (
    <div
      role="alert"
      className={cx('flex gap-2 rounded-sm border border-bad-border bg-bad-surface p-3 text-bad', className)}
    >
      <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="break-words">{failure.message}</p>
        {failure.roles.length > 0 && <p className="mt-1">Roles with access: {failure.roles.join(', ')}.</p>}
        <ErrorMark failure={failure} className="mt-1" />
      </div>
    </div>
  )
}

/** The contract's word for it, and the id under which the server's log tells more. */
export function ErrorMark({ failure: { type, id }, className }: { failure: Failure; className?: string }) {
  if (id === null) return null
  return (
    <p className={cx('flex flex-wrap items-center gap-x-2 text-xs', className)}>
      <span className="font-mono">{type}</span>
      <CopyId id={id} whole />
    </p>
  )
}

interface StateProps {
  error: unknown
  /** It is all the page has: its title becomes the page's. */
  page?: boolean | undefined
  /** Asks again. */
  retry?: () => void | undefined
  className?: string | undefined
}

/** Stands where data would: what happened, its id, and what to do. A refusal says which roles may. */
export function ErrorState({ error, retry, page, className }: StateProps) {
  const failure = failureOf(error)
  if (failure.type === 'Forbidden')
    return <ForbiddenState page={page} failure={failure} {...(className && { className })} />
  const title =
    failure.type === 'ResourceNotFound'
      ? 'Not found'
      : failure.type === 'Offline'
        ? 'No connection'
        : 'This could not be loaded'
  return (
    <Centered
      page={page}
      icon={<CircleAlert className="text-bad" aria-hidden />}
      title={title}
      {...(className && { className })}
    >
      <p role="alert" className="break-words">
        {failure.message}
      </p>
      <ErrorMark failure={failure} className="mt-1 text-n10" />
      <div className="mt-3 flex gap-2">
        {retry && (
          <Button onClick={retry}>
            <RotateCw aria-hidden />
            Try again
          </Button>
        )}
        {page && failure.type === 'ResourceNotFound' && (
          <Button asChild>
            <Link to="/">Go to home</Link>
          </Button>
        )}
      </div>
    </Centered>
  )
}

interface ForbiddenProps {
  page?: boolean | undefined
  failure: Pick<Failure, 'message' | 'roles'>
  /** Who has one of the roles, where it is known. */
  children?: ReactNode | undefined
  className?: string | undefined
}

export function ForbiddenState({ failure, page, children, className }: ForbiddenProps) {
  return (
    <Centered
      page={page}
      icon={<Lock className="text-n10" aria-hidden />}
      title="You don’t have access"
      {...(className && { className })}
    >
      <p>{failure.message}</p>
      {failure.roles.length > 0 && <p>Roles with access: {failure.roles.join(', ')}.</p>}
      {children}
    </Centered>
  )
}

interface CenteredProps {
  icon: ReactNode
  page?: boolean | undefined
  title: ReactNode
  children: ReactNode
  className?: string | undefined
}

export function Centered({ icon, title, page, children, className }: CenteredProps) {
  const Heading = page ? 'h1' : 'h2'
  return (
    <div className={cx('mx-auto flex max-w-lg flex-col items-center px-6 py-16 text-center text-n11', className)}>
      <span className="mb-3 flex size-9 items-center justify-center rounded-full border border-n6 bg-n2 [&_svg]:size-4.5 [&_svg]:stroke-[1.75]">
        {icon}
      </span>
      <Heading className="text-lg font-semibold text-n12">{title}</Heading>
      <div className="mt-1 flex flex-col items-center gap-1">{children}</div>
    </div>
  )
}
