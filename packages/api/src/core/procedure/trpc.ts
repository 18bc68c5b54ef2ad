import { initTRPC, tracked, TRPCError } from '@trpc/server'
import type { z } from 'zod'
import type { ContextFor } from '../access/access.ts'
import { authorize, authorizeUnread, resourceOf, ruleOf } from '../access/access.ts'
import type { Fields, Target } from '../access/resource.ts'
import type { BodyLimits } from '../body-limits.ts'
import { plainBody } from '../body-limits.ts'
import type { Context, Idempotency } from '../context.ts'
import { hashText } from '../blob/blob-bytes.ts'
import { systemClock } from '../clock.ts'
import { holdsProtoKey } from '../shapes.schema.ts'
import { ApiError, toEnvelope } from '../errors.ts'
import type { Permission } from '../access/rule.ts'
import { isAnswered, replay } from '../write/idempotency.ts'
import { sha256 } from '../secrets.ts'
import { storesOf } from '../app-context.ts'
import type { Docs } from './docs.ts'

/** A REST operation that a procedure answers. Path parameters stand in braces. */
export interface Rest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  operationId: string
  /** What of the output is answered here; absent: all of it. */
  answer?: z.ZodType
}

/** @param answer what of the procedure's output is answered here, where the contract knows less than we do. */
// oxlint-disable-next-line max-params
export function rest(method: Rest['method'], path: string, operationId: string, answer?: z.ZodType): Rest {
  return answer ? { method, path, operationId, answer } : { method, path, operationId }
}

/** What every procedure says of itself; the REST endpoint, OpenAPI and the tests read it. */
export interface Meta {
  permission: Permission
  /** The contract's operation first, where there is one. */
  rest: readonly Rest[]
  docs: Docs
  input: z.ZodType
  output: z.ZodType
  body: BodyLimits
  guard: Guard
}

/** A call of a procedure whose input is parsed. */
interface Parsed {
  type: 'query' | 'mutation' | 'subscription'
  path: string
  input: unknown
}

/** What stands before the verb. The library's caller takes these as steps, `transport/chain.ts` one after the other. */
export interface Guard {
  /** Refuses who may not call, as far as that can be asked, before the input is read. */
  before(ctx: Context): Promise<void>
  /** Refuses an input before it is parsed. */
  raw(input: unknown): void
  /** Asks for the rights and runs the verb with the minted context; or answers a repeat from store. */
  run<T extends { ok: boolean }>(ctx: Context, call: Parsed, verb: (minted: Context) => Promise<T>): Promise<T>
}

/** A line now and then keeps proxies from closing what they take for dead, and tells clients that the server lives. */
export const sseSettings = {
  ping: { enabled: true, intervalMs: 15_000 },
  client: { reconnectAfterInactivityMs: 40_000 },
}

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    sse: sseSettings,
    errorFormatter({ shape, error, ctx, type }) {
      const envelope = toEnvelope(error, {
        now: new Date((ctx?.app.clock ?? systemClock).now()),
        read: type === 'query',
      })
      return {
        message: envelope.message,
        code: shape.code,
        data: { ...envelope, httpStatus: envelope.code, path: shape.data.path },
      }
    },
  })

export const router = t.router
export const createCallerFactory = t.createCallerFactory

type Ids<I> = Extract<keyof I, string>

export interface Definition<I extends z.ZodType, O extends z.ZodType> {
  input: I
  output: O
  rest: Rest | readonly [Rest, ...Rest[]]
  docs: Docs
  /** What the body may hold, where that is more than `plainBody`. */
  body?: BodyLimits
  /** Which input field names the account, workspace or bot; by default `accountId`, `workspaceId` and `id`. */
  at?: Ids<z.output<I>>
  /** Finds the ids of what the call is about where they are not looked for as usual. */
  target?: (input: Fields) => Target
}

/**
 * Starts a procedure. Without a permission of the table it does not compile; the permission is the procedure's path.
 * In order: as much of the rights as can be asked unread, the input read and parsed, rights asked, the verb with the
 * minted context, output stripped to its schema. A mutation sent with an idempotency key answers a repeat from store.
 */
export function procedure<P extends Permission, I extends z.ZodType, O extends z.ZodType>(
  permission: P,
  definition: Definition<I, O>,
) {
  const { input, output, body = plainBody } = definition
  const guard = guardOf(permission, definition)
  return known({ permission, ...told(definition), input, output, body, guard })
    .input(input)
    .output(output)
    .use(({ ctx, next, input: parsed, type, path }) =>
      guard.run(ctx, { type, path, input: parsed }, (minted) => next({ ctx: minted as ContextFor<P> })),
    )
}

function told({ rest: routes, docs }: Pick<Definition<z.ZodType, z.ZodType>, 'rest' | 'docs'>) {
  return { rest: [routes].flat() as readonly Rest[], docs }
}

/** What all procedures begin with: they say what they are, and refuse who may not call them before reading anything. */
function known(meta: Meta) {
  const { guard } = meta
  return t.procedure.meta(meta).use(async ({ ctx, next, getRawInput }) => {
    const run = async () => {
      await guard.before(ctx)
      guard.raw(await getRawInput())
      return next()
    }
    return ctx.batch ? ctx.batch(run) : run()
  })
}

function guardOf(permission: Permission, at: Named): Guard {
  return {
    before: (ctx) => askUnread(ctx, permission, targetOf(ctx, { permission, at }, ctx.unread ?? {})),
    raw(input) {
      if (holdsProtoKey(input)) throw new TRPCError({ code: 'BAD_REQUEST', cause: new ProtoKey() })
    },
    async run(ctx, { type, path, input }, verb) {
      const target = targetOf(ctx, { permission, at }, input as Fields)
      if (type !== 'mutation' || ctx.request.idempotencyKey === null)
        return verb(await authorize(ctx, permission, target))
      const keyed: Context = { ...ctx, idempotency: await idempotencyOf(ctx.request.idempotencyKey, path, input) }
      const earlier = () => stored(keyed, permission, target)
      const run = async () => verb(await authorize(keyed, permission, target))
      return ((await earlier()) ?? (await orStored(earlier, run))) as Awaited<ReturnType<typeof run>>
    },
  }
}

/** What the repeat of a call is refused after its first run (a deletion) is for its stored answer to decide. */
async function askUnread(ctx: Context, permission: Permission, target: Target): Promise<void> {
  try {
    await authorizeUnread(ctx, permission, target)
  } catch (cause) {
    if (!(await isAnswered(storesOf(ctx.app).main.reader, ctx))) throw cause
  }
}

/** Schemas drop this key, and a filter that is dropped finds everything. Told like what a schema refuses. */
class ProtoKey extends Error {
  readonly issues = [{ path: [], message: 'The key __proto__ is not allowed anywhere.' }]
}

interface StreamDefinition<I extends z.ZodType, E extends z.ZodType> extends Omit<Definition<I, E>, 'output'> {
  /** Each event, stripped to this. */
  event: E
}

/**
 * Starts a stream of events, guarded like a procedure when it begins. `source` yields each event with its id, and asks
 * `ctx.recheck` again while it lasts; a client that comes back names the last id it got in the input's `lastEventId`.
 */
export function stream<P extends Permission, I extends z.ZodType, E extends z.ZodType>(
  permission: P,
  { input, event, ...definition }: StreamDefinition<I, E>,
  source: (ctx: ContextFor<P>, input: z.output<I>, signal: AbortSignal) => AsyncIterable<readonly [string, z.input<E>]>,
) {
  const guard = guardOf(permission, definition)
  return known({ permission, ...told(definition), input, output: event, body: plainBody, guard })
    .input(input)
    .use(({ ctx, next, input: parsed, type, path }) =>
      guard.run(ctx, { type, path, input: parsed }, (minted) => next({ ctx: minted as ContextFor<P> })),
    )
    .subscription(({ ctx, input: parsed, signal = new AbortController().signal }) =>
      // What the source throws at once refuses the call; what it throws later ends the stream.
      eventsOf(event, source(ctx as unknown as ContextFor<P>, parsed as z.output<I>, signal)),
    )
}

async function* eventsOf<E extends z.ZodType>(event: E, source: AsyncIterable<readonly [string, z.input<E>]>) {
  for await (const [id, value] of source) yield tracked(id, event.parse(value))
}

/** How a definition says which fields hold the ids. */
interface Named {
  at?: string
  target?: (input: Fields) => Target
}

/** The ids in the input that say what the permission is asked about. */
function targetOf(ctx: Context, { permission, at }: { permission: Permission; at: Named }, input: Fields): Target {
  if (at.target) return at.target(input)
  return resourceOf(ctx, ruleOf(ctx.app, permission))?.targetOf(input, at.at) ?? {}
}

async function idempotencyOf(key: string, path: string, input: unknown): Promise<Idempotency> {
  if (key.length === 0 || key.length > 255)
    throw new ApiError('InvalidPayload', 'An idempotency key must have 1 to 255 characters.')
  return { key, requestHash: sha256(`${path}\n${JSON.stringify(await withoutLongTexts(input))}`) }
}

/** The input with each long text (code) replaced by its hash, made without holding the event loop. */
async function withoutLongTexts(input: unknown): Promise<unknown> {
  if (input === null || typeof input !== 'object') return input
  const shortened: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(input))
    shortened[name] = typeof value === 'string' && value.length > 65_536 ? { sha256: await hashText(value) } : value
  return shortened
}

type Answered = { ok: true; data: unknown }

/** A middleware result made of the answer of an earlier call with the same key. */
async function stored(ctx: Context, permission: Permission, target: Target): Promise<Answered | null> {
  const db = storesOf(ctx.app).main.reader
  const earlier = await replay(db, ctx, {
    ask: () => authorize(ctx, permission, target),
    isGone: async () => !((await resourceOf(ctx, ruleOf(ctx.app, permission))?.exists(db, target)) ?? true),
  })
  return earlier && { ok: true, data: earlier.answer }
}

/** Of two calls with one key at once, the loser may be refused because the winner has finished: it gets its answer. */
async function orStored<T extends { ok: boolean }>(
  earlier: () => Promise<Answered | null>,
  run: () => Promise<T>,
): Promise<T | Answered> {
  try {
    const result = await run()
    return result.ok ? result : ((await earlier()) ?? result)
  } catch (cause) {
    const answered = await earlier()
    if (answered) return answered
    throw cause
  }
}
