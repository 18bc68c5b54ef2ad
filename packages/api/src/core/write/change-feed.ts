import { setImmediate as breath, setTimeout as sleep } from 'node:timers/promises'
import type { AuthorizedContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { batchEnd, changesBetween, hashOfVersion, laneVersion } from './change-feed.queries.ts'
import { read } from './read.ts'
import type { Change } from './write.ts'

/** What has changed in a lane since the batch before. */
export interface Batch<C extends AuthorizedContext> {
  /** There is another batch already. */
  more: boolean
  /** The rights of the moment: asked for again for each batch. */
  ctx: C
  version: number
  /** The place to go on from, for `since`. */
  place: string
  /** The place to go on from is not of this lane's past (a backup came back): whatever was read may be old. */
  reset: boolean
  /** Each entity once, with what happened to it last. Empty when only the audit trail grew. */
  changes: readonly Change[]
}

export interface Following {
  /** The place of the last batch that arrived; null begins with the next commit. */
  since: string | null
  signal: AbortSignal
  /** Milliseconds between two looks for commits of other processes; those of this one are reported immediately. */
  lookEvery?: number
}

/** Entities in a batch, about: a version is never cut in two. */
const batchSize = 1_000
/** Milliseconds between two batches of one actor: who has several streams open waits so many times as long at each. */
const rest = 40
/** Streams that one person, bot or other actor may have open at once. */
const streamLimit = 64

/**
 * Follows the commits of the context's lane without gap or repeat, from `since` on: first where the lane stands, then a
 * batch whenever it moved. Batches that pile up while nobody reads become one. Ends when `signal` aborts. While it is
 * read it throws what `authorize` throws, as soon as the rights are gone.
 * @throws RateLimited, at once, with too many streams open.
 */
export function followLane<C extends AuthorizedContext>(ctx: C, following: Following): AsyncGenerator<Batch<C>> {
  const place = enter(ctx)
  // Whoever goes before the first batch is asked for never begins what ends below.
  if (following.signal.aborted) place.leave()
  else following.signal.addEventListener('abort', place.leave, { once: true })
  return follow(ctx, following, place)
}

async function* follow<C extends AuthorizedContext>(
  ctx: C,
  { since, signal, lookEvery = 5_000 }: Following,
  { streams, leave }: Place,
): AsyncGenerator<Batch<C>> {
  const alarm = new Alarm()
  const stop = ctx.app.events.subscribe(ctx.lane.id, () => alarm.ring())
  const timer = setInterval(() => alarm.ring(), lookEvery)
  const onAbort = (): void => alarm.ring()
  signal.addEventListener('abort', onAbort)
  try {
    let at = since === null ? null : await placeOf(ctx, since)
    while (!signal.aborted) {
      await turnOf(streams)
      const batch = await nextBatch(ctx, at)
      if (batch) yield batch
      at = batch?.version ?? at
      if (!batch?.more) await alarm.rung()
      // A lane that is written without pause would be read without pause.
      if (batch) await sleep(rest * streams.count)
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    clearInterval(timer)
    stop()
    signal.removeEventListener('abort', leave)
    leave()
  }
}

/** A place is a version and the beginning of its hash in the audit chain. */
const placeForm = /^(\d{1,15})(?:-([0-9a-f]{8}))?$/

/** The version of a place; -1 for one that is not of this lane's past. */
async function placeOf(ctx: AuthorizedContext, place: string): Promise<number> {
  const [, version, mark] = placeForm.exec(place) ?? []
  if (version === undefined) return -1
  const known = await markOf(ctx, Number(version))
  return mark === undefined || known === null || known === mark ? Number(version) : -1
}

async function markOf(ctx: AuthorizedContext, version: number): Promise<string | null> {
  const laneId = ctx.lane.id
  const row = await read(ctx, (db) => hashOfVersion.first(db, { laneId, version }))
  return row?.hash.slice(0, 8) ?? null
}

async function placeAt(ctx: AuthorizedContext, version: number): Promise<string> {
  const mark = await markOf(ctx, version)
  return mark === null ? String(version) : `${version}-${mark}`
}

/** What came after the version; null when nothing did. */
async function nextBatch<C extends AuthorizedContext>(from: C, after: number | null): Promise<Batch<C> | null> {
  const ctx = (await read<AuthorizedContext>(from, (db) => from.recheck(db))) as C
  const laneId = ctx.lane.id
  const head = (await read(ctx, (db) => laneVersion.first(db, { laneId })))?.version ?? 0
  if (after === head) return null
  const told = async (version: number) => ({ ctx, version, place: await placeAt(ctx, version) })
  if (after === null || after < 0 || after > head)
    return { ...(await told(head)), reset: after !== null, changes: [], more: false }
  const end = await read(ctx, (db) => batchEnd.first(db, { laneId, after, size: batchSize }))
  const until = Math.min(head, end?.version ?? head)
  const rows = await read(ctx, (db) => changesBetween.all(db, { laneId, after, until }))
  const changes = rows.map(({ type, entity_id: id, deleted }): Change => ({
    type: type as Change['type'],
    id,
    ...(deleted && { deleted: true }),
  }))
  return { ...(await told(until)), reset: false, changes, more: until < head }
}

/** What one actor has open. */
interface Streams {
  count: number
  /** The turn that was given last. */
  turn: Promise<void>
}

interface Place {
  streams: Streams
  /** Lets go of the stream; once is enough. */
  leave: () => void
}

const open = new WeakMap<AuthorizedContext['app'], Map<string, Streams>>()

/** One commit wakes all streams: of one actor one reads in each turn of the event loop, and others are answered between. */
function turnOf(streams: Streams): Promise<void> {
  if (streams.count > 1) streams.turn = streams.turn.then(() => breath())
  return streams.turn
}

/** Counts a stream of the actor. @throws RateLimited */
function enter({ app, actor }: AuthorizedContext): Place {
  const all = open.get(app) ?? new Map<string, Streams>()
  open.set(app, all)
  const who = actor.kind === 'user' ? actor.userId : actor.kind === 'bot' ? actor.keyId : actor.kind
  const streams = all.get(who) ?? { count: 0, turn: Promise.resolve() }
  if (streams.count >= streamLimit)
    throw new ApiError('RateLimited', `There are already ${streamLimit} open streams, the maximum. Close one first.`, {
      limit: streamLimit,
      resetSeconds: 5,
    })
  streams.count += 1
  all.set(who, streams)
  let isIn = true
  const leave = (): void => {
    if (!isIn) return
    isIn = false
    streams.count -= 1
    if (streams.count === 0) all.delete(who)
  }
  return { streams, leave }
}

/** Remembers that it rang until somebody asks. A promise of its own per wait: racing one that lives long leaks. */
class Alarm {
  #rang = false
  #wake: (() => void) | null = null

  ring(): void {
    this.#rang = true
    this.#wake?.()
  }

  async rung(): Promise<void> {
    if (!this.#rang) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
      this.#wake = null
    }
    this.#rang = false
  }
}
