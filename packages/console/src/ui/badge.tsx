import { CircleAlert, CircleCheck, CircleDashed, Info, LoaderCircle, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'neutral' | 'busy'

const tones: Record<Tone, { look: string; icon: typeof Info }> = {
  good: { look: 'border-good-border bg-good-surface text-good', icon: CircleCheck },
  warn: { look: 'border-warn-border bg-warn-surface text-warn', icon: TriangleAlert },
  bad: { look: 'border-bad-border bg-bad-surface text-bad', icon: CircleAlert },
  info: { look: 'border-info-border bg-info-surface text-info', icon: Info },
  // The usual case, in row after row: no box, so that the others stand out.
  neutral: { look: 'border-transparent text-n11', icon: CircleDashed },
  busy: { look: 'border-info-border bg-info-surface text-info', icon: LoaderCircle },
}

const badgeLook = 'inline-flex h-5 items-center gap-1 rounded-full border px-1.5 text-xs font-medium whitespace-nowrap'

/** A state: a word, a shape and a colour, never colour alone. */
export function State({
  tone,
  children,
  className,
}: {
  tone: Tone
  children: ReactNode
  className?: string | undefined
}) {
  const { look, icon: Icon } = tones[tone]
  return (
    <span className={cx(badgeLook, look, className)}>
      <Icon className={cx('size-3', tone === 'busy' && 'animate-spin')} aria-hidden />
      {children}
    </span>
  )
}

/** A plain mark such as a role, a type or a tag. */
export function Badge({ children, className }: { children: ReactNode; className?: string | undefined }) {
  return <span className={cx(badgeLook, 'border-n6 bg-n2 text-n11', className)}>{children}</span>
}
