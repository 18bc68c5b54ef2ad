import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext, Request } from 'playwright-core'

/** Milliseconds without a request after which a page is taken to have asked for all it needs. */
const lull = 200

interface Traffic {
  open: Set<Request>
  /** When a request began or ended last. */
  last: number
}

const traffic = new WeakMap<BrowserContext, Traffic>()

/** Counts the requests of a context from now on. The stream of changes never ends and does not count. */
export function countRequests(context: BrowserContext): void {
  const seen: Traffic = { open: new Set(), last: performance.now() }
  traffic.set(context, seen)
  const ended = (request: Request): void => {
    seen.last = performance.now()
    seen.open.delete(request)
  }
  context
    .on('request', (request) => {
      if (request.url().includes('/trpc/workspace.changes')) return
      seen.last = performance.now()
      seen.open.add(request)
    })
    .on('requestfinished', ended)
    .on('requestfailed', ended)
}

/** Resolves once no request has been under way for a while. */
export async function quiet(context: BrowserContext): Promise<void> {
  const seen = traffic.get(context)
  if (!seen) throw new Error('The requests of this context are not counted.')
  while (seen.open.size > 0 || performance.now() - seen.last < lull) await sleep(20)
}
