import { useEffect, useState } from 'react'
import { serverNow } from '../base/clock.ts'
import { readSetting, writeSetting } from '../base/setting.ts'

/** Who comes back sooner never left: what was new stays marked. */
const gap = 30 * 60_000

export interface Visit {
  /** The end of the visit before, ISO 8601; null the first time. */
  since: string | null
  /** When the page was last in sight. */
  seen: string
}

/** The visit that goes on at `now`, given what was stored of the last one: `since seen`. @param now milliseconds. */
export function visitAt(stored: string | null, now: number): Visit {
  const seen = new Date(now).toISOString()
  const [since = '', last = ''] = stored?.split(' ') ?? []
  const left = Date.parse(last)
  if (Number.isNaN(left)) return { since: null, seen }
  return { since: now - left > gap ? last : since || null, seen }
}

/** When the person last left this workspace's home, in this browser; null the first time. */
export function useLastVisit(workspaceId: string): string | null {
  const [visit, setVisit] = useState(() => ({ workspaceId, ...read(workspaceId) }))
  if (visit.workspaceId !== workspaceId) setVisit({ workspaceId, ...read(workspaceId) })
  useEffect(() => {
    // Tabs are closed without a word: what was seen is written when the page is hidden.
    const leave = (): void => {
      const { since, seen } = read(workspaceId)
      writeSetting(`seen.${workspaceId}`, `${since ?? ''} ${seen}`)
    }
    const look = (): void => {
      if (document.visibilityState === 'hidden') leave()
      else setVisit({ workspaceId, ...read(workspaceId) })
    }
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      leave()
    }
  }, [workspaceId])
  return visit.since
}

function read(workspaceId: string): Visit {
  return visitAt(readSetting(`seen.${workspaceId}`), serverNow())
}
