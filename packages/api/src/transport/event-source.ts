import type { EventSourceMessage } from 'eventsource-parser'
import { createParser } from 'eventsource-parser'

/** As much of the web's `EventSource` as tRPC's `httpSubscriptionLink` uses. */
export interface FetchEventSource extends EventTarget {
  readonly url: string
  readonly readyState: number
  readonly CONNECTING: 0
  readonly OPEN: 1
  readonly CLOSED: 2
  close(): void
}

/** The part of `fetch` that is used. */
export type EventFetch = (url: string, init: RequestInit) => Promise<Response>

/** Milliseconds before connecting again where the server has not named others; doubles up to the limit. */
const firstPause = 100
const longestPause = 5_000

const connecting = 0
const open = 1
const closed = 2

/**
 * An `EventSource` class over another `fetch` and with headers (WHATWG HTML 9.2, server-sent events): connects again
 * after a break and then names the last event it got, so that a stream goes on without a gap. Unlike the web's it also
 * comes back after 429 and 5xx, and a tRPC refusal arrives as the event with which streams report errors.
 */
export function createEventSource(
  fetch: EventFetch,
  headers: Readonly<Record<string, string>> = {},
): new (url: string) => FetchEventSource {
  return class extends EventTarget implements FetchEventSource {
    readonly CONNECTING = connecting
    readonly OPEN = open
    readonly CLOSED = closed
    readonly url: string
    readyState: number = connecting
    readonly #abort = new AbortController()
    #lastEventId = ''
    #retry = firstPause

    constructor(url: string) {
      super()
      this.url = url
      void this.#run()
    }

    close(): void {
      this.readyState = closed
      this.#abort.abort()
    }

    async #run(): Promise<void> {
      let pause = this.#retry
      while (this.readyState !== closed) {
        const began = this.#lastEventId
        await this.#once().catch(() => {})
        if (this.#ended()) return
        this.readyState = connecting
        this.dispatchEvent(new Event('error'))
        pause = this.#lastEventId === began ? Math.min(pause * 2, longestPause) : this.#retry
        await sleep(pause, this.#abort.signal)
      }
    }

    #ended(): boolean {
      return this.readyState === closed
    }

    /** One connection, to its end. */
    async #once(): Promise<void> {
      const response = await fetch(this.url, {
        headers: {
          ...headers,
          accept: 'text/event-stream',
          ...(this.#lastEventId && { 'last-event-id': this.#lastEventId }),
        },
        signal: this.#abort.signal,
      })
      if (response.status === 429 || response.status >= 500) return void response.body?.cancel()
      if (response.status !== 200 || !response.headers.get('content-type')?.startsWith('text/event-stream'))
        return this.#refused(await errorIn(response))
      this.readyState = open
      this.dispatchEvent(new Event('open'))
      const parser = createParser({
        onId: (id) => (this.#lastEventId = id),
        onRetry: (pause) => (this.#retry = pause),
        onEvent: (message) => this.#dispatch(message),
      })
      const decoder = new TextDecoder()
      const reader = response.body?.getReader()
      while (!this.#ended()) {
        const part = await reader?.read()
        if (part?.value === undefined) return
        parser.feed(decoder.decode(part.value, { stream: true }))
      }
    }

    #dispatch({ event: type = 'message', data }: EventSourceMessage): void {
      if (this.#ended()) return
      this.dispatchEvent(new MessageEvent(type, { data, lastEventId: this.#lastEventId }))
    }

    /** The server answered, and not with a stream: it will not be asked again. */
    #refused(error: unknown): void {
      if (error) this.dispatchEvent(new MessageEvent('serialized-error', { data: JSON.stringify(error) }))
      this.readyState = closed
      this.#abort.abort()
      this.dispatchEvent(new Event('error'))
    }
  }
}

/** The error of a tRPC answer; undefined for anything else. */
async function errorIn(response: Response): Promise<unknown> {
  const body: unknown = await response.json().catch(() => null)
  return (body as { error?: unknown } | null)?.error
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
  })
}
