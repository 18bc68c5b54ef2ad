import type { Outgoing } from './incoming.ts'

/**
 * Which pages of other origins may read answers: those of the public address and those named in the configuration,
 * nobody else. The contract's browser client sends credentials, so the origin is echoed (reference 1.9); echoing every
 * origin would let any page act with a visitor's session.
 */
export interface Cors {
  allows(origin: string): boolean
  /** Adds what the browser asks for. A page of an origin that is not allowed gets nothing, and so may not read. */
  mark(headers: Outgoing['headers'], origin: string): void
  /** Answers the question before a call (`OPTIONS`). */
  preflight(headers: Outgoing['headers'], origin: string): void
}

const allowedHeaders = [
  'authorization',
  'content-type',
  'idempotency-key',
  'last-event-id',
  'trpc-accept',
  'x-requested-with',
  'x-workspace-id',
  'x-bot-id',
  'x-integration-id',
  'x-integration-alias',
  'x-multiple-integrations',
  'x-bypass-breaking-changes-detection',
].join(', ')

const exposedHeaders = 'ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after, x-request-id'

export function createCors(publicUrl: string, allowedOrigins: readonly string[]): Cors {
  const origins = new Set([publicUrl, ...allowedOrigins].map((address) => new URL(address).origin))
  const allows = (origin: string): boolean => origin !== 'null' && origins.has(origin)
  const mark = (headers: Outgoing['headers'], origin: string): void => {
    headers['vary'] = 'origin'
    if (!allows(origin)) return
    headers['access-control-allow-origin'] = origin
    headers['access-control-allow-credentials'] = 'true'
    headers['access-control-expose-headers'] = exposedHeaders
  }
  return {
    allows,
    mark,
    preflight(headers, origin) {
      if (!allows(origin)) return
      headers['access-control-allow-methods'] = 'GET, HEAD, POST, PUT, PATCH, DELETE'
      headers['access-control-allow-headers'] = allowedHeaders
      headers['access-control-max-age'] = '7200'
    },
  }
}
