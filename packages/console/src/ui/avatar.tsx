import { cx } from './cx.ts'
import { initialsOf } from './ids.ts'

/** Initials. Pictures of other origins are not loaded: the page asks nobody but its own server. */
export function Avatar({
  name,
  square,
  className,
}: {
  name: string
  square?: boolean | undefined
  className?: string | undefined
}) {
  return (
    <span
      aria-hidden
      // Drawn by the style, so that initials are no second name beside the real one.
      data-initials={initialsOf(name)}
      className={cx(
        'before:content-[attr(data-initials)] inline-flex size-6 shrink-0 items-center justify-center border border-n6 bg-n4 text-[0.625rem] font-semibold text-n11 select-none',
        square ? 'rounded-xs' : 'rounded-full',
        className,
      )}
    />
  )
}
