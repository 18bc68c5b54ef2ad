import { useSyncExternalStore } from 'react'
import { localTime, relativeTime, utcTime, zoneHere } from './time-text.ts'
import { Tooltip } from './tooltip.tsx'

const zone = zoneHere()
let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** One clock for the page, so that all times move together. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const tell of listeners) tell()
  }, 30_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

/** Relative, with the exact UTC and local time on hover or focus. @param at ISO 8601. */
export function Time({ at, className }: { at: string; className?: string | undefined }) {
  const then = Date.parse(at)
  const current = useNow()
  if (Number.isNaN(then)) return <span className={className}>{at}</span>
  return (
    <Tooltip
      text={
        <span>
          {zone.name !== 'UTC' && (
            <>
              {localTime(then)} {zone.short}
              <br />
            </>
          )}
          {utcTime(then)}
        </span>
      }
    >
      <time dateTime={at} className={className}>
        {relativeTime(then, Math.max(current, then > Date.now() ? current : then))}
      </time>
    </Tooltip>
  )
}
