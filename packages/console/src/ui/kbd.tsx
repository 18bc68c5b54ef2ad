import { Fragment } from 'react'
import { isMac, printKeys } from './keys.ts'
import { cx } from './cx.ts'

interface KeysProps {
  /** As in the command table: `mod+k`, `g b`. */
  keys: string
  className?: string | undefined
  onDark?: boolean | undefined
}

/** Shows the keys of a command. */
export function Keys({ keys, className, onDark }: KeysProps) {
  return (
    <span className={cx('inline-flex items-center gap-1 text-xs', onDark ? 'text-n5' : 'text-n10', className)}>
      {printKeys(keys, isMac).map((press, index) => (
        <Fragment key={press.join()}>
          {index > 0 && <span className="sr-only">then</span>}
          <span className="inline-flex gap-0.5">
            {press.map((cap) => (
              <kbd
                key={cap}
                className={cx(
                  'inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-xs border px-1 font-sans text-[0.6875rem]',
                  onDark ? 'border-n9' : 'border-n6 bg-n2',
                )}
              >
                {cap}
              </kbd>
            ))}
          </span>
        </Fragment>
      ))}
    </span>
  )
}
