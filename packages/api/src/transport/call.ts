import type { AnyTRPCRouter } from '@trpc/server'
import { addressKey } from '../core/address.ts'
import type { Actor, Context, RequestInfo } from '../core/context.ts'
import type { ErrorEnvelope } from '../core/errors.ts'
import { cutText } from '../core/cut.ts'
import { jsonOf } from '../core/blob/long-text.ts'
import { ApiError, isKeyReplaced, toEnvelope } from '../core/errors.ts'
import type { AppContext } from '../core/app-context.ts'
import { actorOf } from './actor.ts'
import type { Cors } from './cors.ts'
import type { BodyBudget, BodyShare } from './body-budget.ts'
import { CallerGone, type Incoming, type Outgoing } from './incoming.ts'
import type { JsonReader } from './json.ts'
import { isFromUnknownPage } from './own-page.ts'
import type { RateLimiter } from '../core/rate-limit/rate-limit.ts'
import type { Turns } from './turns.ts'

/** What all endpoints share. */
export interface HttpDeps {
  readonly app: AppContext
  readonly router: AnyTRPCRouter
  readonly cors: Cors
  readonly json: JsonReader
  readonly bodies: BodyBudget
  readonly rateLimiter: RateLimiter | null
  readonly turns: Turns
  /** See `EndpointOptions`. */
  readonly keyReplaced: () => void
}

/** One request on its way through an endpoint. */
export interface Call {
  readonly incoming: Incoming
  /** The raw path and the raw query of the target, without the question mark. */
  readonly path: string
  readonly query: string
  readonly requestId: string
  /** Who asks, where the caller is trusted to say so (desktop, tests). */
  readonly given: Actor | null
  /** The headers of the answer. */
  readonly headers: Outgoing['headers']
  /** What was called, for the log: a procedure or the mount. Never the target, which may carry a secret. */
  operation: string
  /** Who asked, for the log; null until that is settled. */
  who: Actor | null
  /** What its body takes of the budget; null before it is read. */
  share: BodyShare | null
  /** Under which key it was counted; null before that. */
  counted: string | null
  /** Whose turn a read takes, and whether it had to ask for one; null for what does not read. */
  turn: { key: string; taken: boolean } | null
}

export type Endpoint = (deps: HttpDeps, call: Call) => Promise<Outgoing>

/**
 * Settles who asks and counts the call, before anything of it is read.
 * @param cost how many calls it stands for.
 * @throws Unauthorized for a credential that is not valid; Forbidden for a foreign page using a session; RateLimited.
 */
export async function admit(deps: HttpDeps, call: Call, cost = 1): Promise<Actor> {
  if (call.given) return call.given
  const { app, cors } = deps
  const prolonged = (cookie: string): void => void (call.headers['set-cookie'] = cookie)
  const actor = await actorOf({ app, cors, prolonged }, call.incoming)
  call.who = actor
  const key = callerKey(actor, call.incoming.ip)
  count(deps, call, { key, cost })
  if (call.incoming.method === 'GET') {
    const turn = deps.turns.begin(key)
    if (turn) await turn
    call.turn = { key, taken: turn !== null }
  }
  return actor
}

/** Counts a call that has not been counted, by its address. @throws RateLimited */
export function countStranger(deps: HttpDeps, call: Call): void {
  if (call.given || call.headers['ratelimit-limit'] !== undefined) return
  count(deps, call, { key: addressKey(call.incoming.ip), cost: 1 })
}

/** Counts a question about the process itself, by address and apart from calls: neither uses up the other's limit. */
export function countProbe(deps: HttpDeps, call: Call, cost: number): void {
  if (!call.given) count(deps, call, { key: `probe:${addressKey(call.incoming.ip)}`, cost })
}

/** What was refused before anybody was counted counts for its address. @returns why the call is refused after that. */
export function countRefused(deps: HttpDeps, call: Call, cause: unknown): unknown {
  try {
    countStranger(deps, call)
    return cause
  } catch (limited) {
    return limited
  }
}

/** Bytes of an answer, and of a body, that stand for one call more: making text of JSON costs more than reading bytes. */
const pricedAnswer = 16 * 1024
const pricedBody = 256 * 1024
/** The most that one call is priced at, so that a large deployment does not lock its caller out. */
const highestPrice = 100

/** Length of an answer, about. */
function lengthOf({ body, size = 0 }: Outgoing): number {
  return typeof body === 'string' ? body.length : body instanceof Uint8Array ? body.byteLength : size
}

/** What comes after an answer is made: the caller's next turn, and the price of its size. */
export function settle(deps: HttpDeps, call: Call, outgoing: Outgoing): void {
  const size = lengthOf(outgoing)
  if (call.turn) deps.turns.end(call.turn.key, { taken: call.turn.taken, size })
  call.turn = null
  chargeSize(deps, call, size)
}

/** Counts large answers and bodies as so many calls as they are worth, so that repeating them is no way around the limit. */
function chargeSize({ rateLimiter }: HttpDeps, { counted, share }: Call, made: number): void {
  if (!rateLimiter || counted === null) return
  const price = Math.floor(made / pricedAnswer + (share?.bytes ?? 0) / pricedBody)
  if (price > 0) rateLimiter.charge(counted, Math.min(price, highestPrice))
}

function count({ rateLimiter }: HttpDeps, call: Call, { key, cost }: { key: string; cost: number }): void {
  if (!rateLimiter) return
  const { headers } = call
  call.counted = key
  const { limit, remaining, resetSeconds, allowed } = rateLimiter.take(key, cost)
  headers['ratelimit-limit'] = String(limit)
  headers['ratelimit-remaining'] = String(remaining)
  headers['ratelimit-reset'] = String(resetSeconds)
  if (allowed) return
  throw new ApiError('RateLimited', `Too many calls. Wait ${resetSeconds} seconds.`, { limit, resetSeconds })
}

/** By what callers are told apart: their credential, or else their address. */
export function callerKey(actor: Actor, ip: string | null): string {
  if (actor.kind === 'bot') return `key:${actor.keyId}`
  if (actor.kind !== 'user' || !('id' in actor.credential)) return addressKey(ip)
  return `${actor.credential.kind}:${actor.credential.id}`
}

const isSession = (actor: Actor): boolean => actor.kind === 'user' && actor.credential.kind === 'session'

/**
 * The context that procedures start with.
 * @param more `unread`: fields of the input that stand outside a body which is still to be read; `longTexts`: the answer
 *   is written by `jsonOf`.
 */
export function contextOf(
  { app, cors }: HttpDeps,
  { incoming, requestId, given }: Call,
  more: Pick<Context, 'actor' | 'unread' | 'longTexts' | 'batch'>,
): Context {
  return {
    app,
    ...more,
    request: new CallInfo(requestId, incoming, {
      fromUnknownPage: given === null && isSession(more.actor) && isFromUnknownPage(cors, incoming),
    }),
  }
}

/** A class: the engine makes an object literal with a getter by its slow path. */
class CallInfo implements RequestInfo {
  readonly id: string
  readonly ip: string | null
  readonly userAgent: string | null
  readonly idempotencyKey: string | null
  readonly fromUnknownPage: boolean
  readonly #incoming: Incoming

  // oxlint-disable-next-line max-params
  constructor(id: string, incoming: Incoming, { fromUnknownPage }: { fromUnknownPage: boolean }) {
    this.id = id
    this.ip = incoming.ip
    this.userAgent = incoming.header('user-agent') ?? null
    this.idempotencyKey = incoming.header('idempotency-key') ?? null
    this.fromUnknownPage = fromUnknownPage
    this.#incoming = incoming
  }

  /** Read by the few answers that hold a link. */
  get origin(): string | null {
    return this.#incoming.origin
  }
}

/** Writes the one log line of a failed request. The cause stands here only; the answer has the id. */
export function note(
  { app, keyReplaced }: HttpDeps,
  call: Call,
  { envelope, cause }: { envelope: ErrorEnvelope; cause: unknown },
): void {
  const fields = {
    error: envelope.id,
    type: envelope.type,
    request: call.requestId,
    method: call.incoming.method,
    operation: call.operation,
    ip: call.incoming.ip,
    ...whoOf(call.who),
  }
  if (cause instanceof CallerGone) app.log.info(fields, 'A client disconnected.')
  else if (envelope.code >= 500) app.log.error({ ...fields, err: cause }, 'A request failed.')
  else app.log.info({ ...fields, reason: withoutTokens(envelope.message) }, 'A request was refused.')
  if (isKeyReplaced(cause)) keyReplaced()
}

/** Ids alone, by which a line can be laid beside the audit trail. */
function whoOf(actor: Actor | null): object {
  if (actor?.kind === 'bot') return { bot: actor.botId, via: `key:${actor.keyId}` }
  if (actor?.kind !== 'user') return {}
  const { userId, credential } = actor
  return { person: userId, via: 'id' in credential ? `${credential.kind}:${credential.id}` : credential.kind }
}

/** Messages repeat what was asked for, and people paste keys and invitation links where ids or nothing belong. */
function withoutTokens(message: string): string {
  return cutText(message, 600).replaceAll(/(bp_pat_|bp_bak_|stw_inv_|stw_set_|stw_rec_)[0-9A-Za-z]+/g, '$1…')
}

/** Says in the header too when a caller who is refused for now may come again. */
export function sayWhen({ headers }: Call, { metadata }: ErrorEnvelope): void {
  const { resetSeconds } = metadata
  if (typeof resetSeconds === 'number') headers['retry-after'] ??= String(resetSeconds)
}

interface Failed {
  cause: unknown
  /** Whether the call only reads. */
  read: boolean
}

/** The envelope of anything thrown, which is counted and logged. */
export function failureOf(deps: HttpDeps, call: Call, { cause: why, read }: Failed): ErrorEnvelope {
  const cause = countRefused(deps, call, why)
  const envelope = toEnvelope(cause, { now: new Date(deps.app.clock.now()), read })
  note(deps, call, { envelope, cause })
  sayWhen(call, envelope)
  return envelope
}

/** The answer to anything thrown on a plain JSON endpoint. */
export function failure(deps: HttpDeps, call: Call, failed: Failed): Outgoing {
  const envelope = failureOf(deps, call, failed)
  if (envelope.code === 401) call.headers['www-authenticate'] = 'Bearer'
  return answer(call, envelope.code, envelope)
}

/** A JSON answer. */
export function answer(call: Call, status: number, value: unknown): Outgoing {
  call.headers['content-type'] = 'application/json'
  return { status, headers: call.headers, ...jsonOf(value) }
}
