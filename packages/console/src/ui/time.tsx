import { useState, useSyncExternalStore } from 'react'
import { serverNow } from '../base/clock.ts'
import { localTime, relativeTime, utcTime, zoneHere } from './time-text.ts'
import { Tooltip } from './tooltip.tsx'

const zone = zoneHere()
let now = serverNow()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** One clock for the page, so that all times move together. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  now = serverNow()
  timer ??= setInterval(() => {
    now = serverNow()
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

/**
 * Relative, with the exact UTC and local time on hover. Lists are full of these: the tip is made when the pointer comes.
 * @param at ISO 8601.
 */
export function Time({ at, className }: { at: string; className?: string | undefined }) {
  const then = Date.parse(at)
  const current = useNow()
  const [met, setMet] = useState(false)
  if (Number.isNaN(then)) return <span className={className}>{at}</span>
  const time = (
    <time dateTime={at} className={className} onPointerEnter={() => setMet(true)}>
      {relativeTime(then, Math.max(current, then > serverNow() ? current : then))}
    </time>
  )
  if (!met) return time
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
      {time}
    </Tooltip>
  )
}
