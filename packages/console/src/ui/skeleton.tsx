import { cx } from './cx.ts'

/** Where text will stand. Invisible for 200 ms. */
export function Skeleton({ className }: { className?: string | undefined }) {
  return <span aria-hidden className={cx('skeleton block h-3.5 w-24', className)} />
}

/** Lines of a part that loads. */
export function SkeletonLines({ lines = 3 }: { lines?: number }) {
  return (
    <div className="flex flex-col gap-3" aria-busy="true">
      <span className="sr-only">Loading</span>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} className={['w-3/4', 'w-1/2', 'w-2/3'][line % 3] ?? ''} />
      ))}
    </div>
  )
}
