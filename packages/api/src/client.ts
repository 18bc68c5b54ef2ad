import type { HTTPLinkOptions, TRPCLink } from '@trpc/client'
import {
  TRPCClientError,
  createTRPCClient,
  httpBatchLink,
  httpBatchStreamLink,
  httpLink,
  httpSubscriptionLink,
  splitLink,
} from '@trpc/client'
import { observable } from '@trpc/server/observable'
import type { ErrorEnvelope, ErrorType } from './core/errors.ts'
import type { AppRouter } from './root.ts'
import { createEventSource, type EventFetch } from './transport/event-source.ts'
import { answering } from './transport/unanswered.ts'

export type { ErrorEnvelope, ErrorType } from './core/errors.ts'
export type { AppRouter } from './root.ts'
export { Unanswered, answering } from './transport/unanswered.ts'

export interface ClientOptions {
  /** Where Steward is reached, such as `http://127.0.0.1:7420`. */
  url: string
  /** A personal access token. Without one the browser's session counts. */
  token?: string
  /** Another way to carry requests, such as a desktop's port. */
  fetch?: EventFetch
  headers?: Record<string, string>
  /**
   * Gives each mutation an idempotency key, so that sending it again after a broken connection has one effect. A key of
   * one's own goes into the call's context: `mutate(input, { context: { idempotencyKey } })`.
   */
  idempotencyKeys?: boolean
  /**
   * Asked when a query or a mutation failed, once for each: resolves to whether it is sent again, such as after signing
   * in anew. Subscriptions are not asked about.
   */
  again?: (error: StewardError, context: Record<string, unknown>) => Promise<boolean>
  /** Each answer of a batch arrives as soon as it is there, instead of all together. */
  stream?: boolean
}

/**
 * A failed call, with what the server said about it. `type` is one of the contract's 26 words. Where no server said
 * anything, `cause` is `Unanswered` or what the calling program itself got wrong.
 */
export class StewardError extends TRPCClientError<AppRouter> {
  /** Names the failure in the server's log; `UNKNOWN` when no server was reached. */
  readonly id: string
  readonly type: ErrorType
  /** The HTTP status that goes with the type. */
  readonly code: number
  readonly metadata: Record<string, unknown>

  constructor(error: TRPCClientError<AppRouter>) {
    super(error.message, {
      cause: error.cause ?? error,
      ...(error.shape && { result: { error: error.shape } }),
      ...(error.meta && { meta: error.meta }),
    })
    // The base class sets its own prototype.
    Object.setPrototypeOf(this, StewardError.prototype)
    const envelope: Partial<ErrorEnvelope> = error.data ?? {}
    this.name = 'StewardError'
    this.id = envelope.id ?? 'UNKNOWN'
    this.type = envelope.type ?? 'Unknown'
    this.code = envelope.code ?? 500
    this.metadata = envelope.metadata ?? {}
  }
}

type FetchEsque = NonNullable<HTTPLinkOptions<AppRouter['_def']['_config']['$types']>['fetch']>

/**
 * A typed client of the whole API: `client.bot.get.query({ id })`. Queries made at once travel together; mutations
 * travel alone. `client.workspace.changes.subscribe(…)` follows what happens, over broken connections too. Runs in
 * browsers and in Node.
 * @throws StewardError from each call that fails.
 */
export function createClient(options: ClientOptions) {
  const url = `${options.url.replace(/\/+$/, '')}/trpc`
  const fetch = answering(options.fetch ?? ((to, init) => globalThis.fetch(to, init)))
  // What the library passes are a string and a RequestInit, for which it has types of its own.
  const common = { url, fetch: fetch as FetchEsque }
  const headers = {
    ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
    ...options.headers,
  }
  const batch = options.stream ? httpBatchStreamLink : httpBatchLink
  return createTRPCClient<AppRouter>({
    links: [
      ...(options.again ? [againLink(options.again)] : []),
      envelopeLink,
      splitLink({
        condition: ({ type }) => type === 'mutation',
        true: httpLink({ ...common, headers: ({ op }) => ({ ...headers, ...keyOf(op.context, options) }) }),
        false: splitLink({
          condition: ({ type }) => type === 'subscription',
          true: httpSubscriptionLink({
            url,
            EventSource: createEventSource(fetch, headers),
          }),
          false: batch({ ...common, headers, maxURLLength: 8_000, maxItems: 100 }),
        }),
      }),
    ],
  })
}

export type Client = ReturnType<typeof createClient>

function keyOf(context: Record<string, unknown>, { idempotencyKeys }: ClientOptions): Record<string, string> {
  const own = context['idempotencyKey']
  if (typeof own === 'string') return { 'idempotency-key': own }
  return idempotencyKeys ? { 'idempotency-key': newKey() } : {}
}

/** 128 random bits. Browsers have `crypto.randomUUID` in secure contexts only, and plain http on a LAN is none. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Sends a call that failed once more where `again` says so. */
const againLink =
  (again: NonNullable<ClientOptions['again']>): TRPCLink<AppRouter> =>
  () =>
  ({ next, op }) =>
    observable((observer) => {
      let wanted = true
      const send = (isFirst: boolean) =>
        next(op).subscribe({
          next: (value) => observer.next(value),
          error: (error) => {
            if (!isFirst || op.type === 'subscription' || !(error instanceof StewardError)) return observer.error(error)
            void ask(error)
          },
          complete: () => observer.complete(),
        })
      const ask = async (error: StewardError): Promise<void> => {
        const yes = await again(error, op.context)
        if (!wanted) return
        if (yes) sent = send(false)
        else observer.error(error)
      }
      let sent = send(true)
      return () => {
        wanted = false
        sent.unsubscribe()
      }
    })

/** Turns the library's errors into ours. */
const envelopeLink: TRPCLink<AppRouter> =
  () =>
  ({ next, op }) =>
    observable((observer) =>
      next(op).subscribe({
        next: (value) => observer.next(value),
        error: (error) => observer.error(new StewardError(error)),
        complete: () => observer.complete(),
      }),
    )
