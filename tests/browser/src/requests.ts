import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext, Page, Request } from 'playwright-core'

/** Milliseconds without a request after which a page is taken to have asked for all it needs. */
const lull = 200

const patience = 60_000

interface Traffic {
  open: Set<Request>
  /** When a request began or ended last. */
  last: number
}

const traffic = new WeakMap<Page, Traffic>()

/** Counts the requests of the context's pages from now on. The stream of changes never ends and does not count. */
export function countRequests(context: BrowserContext): void {
  context.on('page', (page) => {
    const seen: Traffic = { open: new Set(), last: performance.now() }
    traffic.set(page, seen)
    const ended = (request: Request): void => {
      seen.last = performance.now()
      seen.open.delete(request)
    }
    page
      .on('request', (request) => {
        if (request.url().includes('/trpc/workspace.changes')) return
        seen.last = performance.now()
        seen.open.add(request)
      })
      .on('requestfinished', ended)
      .on('requestfailed', ended)
  })
}

/** Resolves once no request of the page has been under way for a while. */
export async function quiet(page: Page): Promise<void> {
  const seen = traffic.get(page)
  if (!seen) throw new Error('The requests of this page are not counted.')
  const began = performance.now()
  while (seen.open.size > 0 || performance.now() - seen.last < lull) {
    if (performance.now() - began > patience)
      throw new Error(`Still under way: ${[...seen.open].map((request) => request.url()).join(', ')}`)
    await sleep(20)
  }
}
