import type { CdpSession } from './cdp.ts'
import { note } from './env.ts'
import { fromBrowser, schemes } from './pages.ts'
import { answerPage } from './protocol.ts'

interface Paused {
  requestId: string
  request: { url: string; method: string; headers: Record<string, string>; postData?: string }
  frameId: string
  resourceType: string
  redirectedRequestId?: string
}

/** A navigation that a page began, as the app's guards are asked about it. */
export interface Navigation {
  url: string
  isMainFrame: boolean
  isSameDocument: boolean
  defaultPrevented: boolean
  preventDefault(): void
}

export interface RequestsOptions {
  isMainFrame(frameId: string): boolean
  isDestroyed(): boolean
  /** Asks the app's listeners of an event. */
  ask(event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect', navigation: Navigation): void
}

/** Everything a page asks for: answered by the app's own protocol handler, or refused and written down. */
export class Requests {
  readonly #session: CdpSession
  readonly #options: RequestsOptions
  #own = 0

  constructor(session: CdpSession, options: RequestsOptions) {
    this.#session = session
    this.#options = options
    session.on<Paused>('Fetch.requestPaused', (paused) => void this.#answer(paused))
    session.on<{ url: string }>('Network.webSocketCreated', ({ url }) => note({ kind: 'refused', url, by: 'page' }))
  }

  /** The next navigation is main's own: guards are not asked. */
  expectOwn(): void {
    this.#own += 1
  }

  async #answer(paused: Paused): Promise<void> {
    const { requestId, request, resourceType } = paused
    const url = fromBrowser(request.url)
    try {
      if (resourceType === 'Document' && !this.#mayNavigate(paused, url)) return this.#fail(requestId, 'Aborted')
      const method = request.method
      const body = request.postData
      const response = url.startsWith('app:')
        ? await answerPage(new Request(url, { method, headers: request.headers, ...(body !== undefined && { body }) }))
        : null
      if (!response) {
        note({ kind: 'refused', url, by: 'page' })
        return this.#fail(requestId, 'BlockedByClient')
      }
      await this.#session.send('Fetch.fulfillRequest', {
        requestId,
        responseCode: response.status,
        responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
        body: Buffer.from(await response.arrayBuffer()).toString('base64'),
      })
    } catch (cause) {
      // The page may have gone while its request was being answered.
      if (!this.#options.isDestroyed() && schemes.size > 0) this.#fail(requestId, 'Failed')
      if (cause instanceof Error && !/Fetch\.|has ended|session/i.test(cause.message)) throw cause
    }
  }

  #fail(requestId: string, errorReason: string): void {
    this.#session.tell('Fetch.failRequest', { requestId, errorReason })
  }

  #mayNavigate(paused: Paused, url: string): boolean {
    const isMainFrame = this.#options.isMainFrame(paused.frameId)
    const redirected = paused.redirectedRequestId !== undefined
    if (isMainFrame && this.#own > 0 && !redirected) {
      this.#own -= 1
      return true
    }
    const navigation: Navigation = {
      url,
      isMainFrame,
      isSameDocument: false,
      defaultPrevented: false,
      preventDefault: () => void (navigation.defaultPrevented = true),
    }
    if (redirected) this.#options.ask('will-redirect', navigation)
    else {
      this.#options.ask('will-frame-navigate', navigation)
      if (isMainFrame && !navigation.defaultPrevented) this.#options.ask('will-navigate', navigation)
    }
    return !navigation.defaultPrevented
  }
}
