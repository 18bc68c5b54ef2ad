import { blobNames } from '@steward/db'
import { z } from 'zod'
import type { CheckpointSink } from './audit/checkpoint-sink.ts'
import { checkpointLane, checkpointMovedLanes } from './audit/checkpoint.service.ts'
import { removeStaleInvitations } from './people/member/invitation.upkeep.ts'
import { guessesKept } from './people/sign-in/guesses.ts'
import { sweepRecoveryLinks } from './people/recovery/upkeep.service.ts'
import { blobGrace } from './core/blob/blob-grace.ts'
import type { Unnamed } from './core/blob/blob-write.ts'
import { countUnnamed } from './core/blob/blob-write.ts'
import { day, hour, iso } from './core/clock.ts'
import type { AppContext } from './core/app-context.ts'
import { blobsState, mayCollect } from './core/installation/installation.ts'
import { sendMail } from './core/mail/mail.ts'
import { sweepMailCounts } from './core/mail/mail-share.queries.ts'
import { storesOf } from './core/app-context.ts'
import type { Dispatcher, Handler, Handlers, Running, Timer } from './core/write/outbox.ts'
import { startOutbox, systemTimer } from './core/write/outbox.ts'
import type { Sweep, Sweeper } from './core/write/outbox.queries.ts'
import {
  sweepGuesses,
  sweepIdempotency,
  sweepMoves,
  sweepSessions,
  sweepSigningSecrets,
  sweepVerifications,
} from './core/write/outbox.queries.ts'

export interface JobOptions {
  /** The second place for signed checkpoints. */
  checkpointSink?: CheckpointSink | undefined
  /** A lane gets a checkpoint after so many records; and hourly if it moved. */
  checkpointEvery?: number
  timer?: Timer
}

export interface Jobs extends Running {
  readonly outbox: Dispatcher
  readonly mail: Dispatcher
  /** Does the hourly work now, and once a day the collection of bodies. Resolves when it is done; what fails is logged. */
  tidy(): Promise<void>
  /** What lay in the blob store without a row that names it, when it was last tidied; null before that. */
  readonly unnamed: Unnamed | null
}

/** Rows deleted in one transaction, at most: the write lane is everybody's. */
const sweepBatch = 500
const idempotencyKept = day
/** An invitation that ran out can still be renewed for this long. */
const invitationKept = 30 * day

/**
 * Starts the background work of a process: the outbox, signed checkpoints of the audit trail, and the deletion of what
 * has run out. Several processes on one database may each have theirs.
 */
export function startJobs(app: AppContext, options: JobOptions = {}): Jobs {
  const { checkpointSink: sink, checkpointEvery = 100, timer = systemTimer } = options
  const line = oneByOne(app)
  const sign = (laneId: string) =>
    line('checkpoint', async () => {
      await checkpointLane(app, laneId, sink)
    })
  const isProved = collectingGate(app)
  let collected = Number.NEGATIVE_INFINITY
  let unnamed: Unnamed | null = null
  const collectDaily = async (): Promise<void> => {
    if (app.clock.now() - collected < day) return
    collected = app.clock.now()
    if (await isProved()) await collectGarbage(app)
  }
  const tidy = () =>
    line('tidying', async () => {
      await checkpointMovedLanes(app, sink)
      await sweepAll(app)
      await collectDaily()
      unnamed = await countUnnamed(app)
    })
  const outbox = startOutbox(app, handlers(app, sink, isProved), timer)
  const mail = startOutbox(app, { 'mail.send': sendMail(app) }, timer)
  const ignore = app.events.subscribeAll(({ laneId, version }) => {
    if (version % checkpointEvery === 0) void sign(laneId)
  })
  const hourly = repeat(timer, hour, tidy)
  return {
    outbox,
    mail,
    tidy,
    get unnamed() {
      return unnamed
    },
    async stop() {
      ignore()
      hourly()
      await Promise.all([outbox.stop(), mail.stop()])
      await line('stopping', async () => {})
    },
  }
}

/** Runs pieces of work one after another; what fails is logged and the next begins. */
function oneByOne(app: AppContext): (name: string, work: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return (name, work) => {
    last = last
      .then(work)
      .catch((cause: unknown) => app.log.error({ err: cause, job: name }, 'A background job failed.'))
    return last
  }
}

/** Calls `work` soon and then so many milliseconds after each end, until the returned function is called. */
function repeat(timer: Timer, milliseconds: number, work: () => Promise<void>): () => void {
  let stopped = false
  let cancel = timer.after(0, run)
  function run(): void {
    void work().then(() => {
      if (!stopped) cancel = timer.after(milliseconds, run)
      return undefined
    })
  }
  return () => {
    stopped = true
    cancel()
  }
}

const collectPayload = z.object({ hashes: z.array(z.string()) })
const checkpointPayload = z.object({ laneId: z.string() })

/** What is done for each topic of the outbox. */
export function handlers(app: AppContext, sink?: CheckpointSink, isProved = collectingGate(app)): Handlers {
  return {
    'blob.collect': collectBlobs(app, isProved),
    'audit.checkpoint': async ({ payload }) => {
      await checkpointLane(app, checkpointPayload.parse(payload).laneId, sink)
    },
  }
}

/** Sets aside what neither a bot nor a version names; what is still in its grace is looked at again after it. */
function collectBlobs(app: AppContext, isProved: () => Promise<boolean>): Handler {
  return async ({ payload }) => {
    const { main } = storesOf(app)
    if (!(await isProved())) return { again: day }
    const named = await blobNames(main)
    let inGrace = false
    for (const hash of collectPayload.parse(payload).hashes) {
      if (await named.has(hash)) continue
      await app.blobs.setAside(hash)
      inGrace ||= await app.blobs.has(hash)
    }
    return inGrace ? { again: blobGrace } : undefined
  }
}

/**
 * Sets aside what no row ever named, of writes that were refused and what crashes left behind, and deletes what has lain
 * aside long enough, if it is still not named.
 */
async function collectGarbage(app: AppContext): Promise<void> {
  const { blobs } = app
  const { main } = storesOf(app)
  const named = await blobNames(main)
  await blobs.sweep()
  for await (const hash of blobs.collectable()) if (!(await named.has(hash))) await blobs.setAside(hash)
  for await (const hash of blobs.expired())
    if (await named.has(hash)) await blobs.bringBack(hash)
    else await blobs.discard(hash)
}

/** Looked at anew every hour, and each time while the answer is no. */
function collectingGate(app: AppContext): () => Promise<boolean> {
  let provedAt = Number.NEGATIVE_INFINITY
  return async () => {
    if (app.clock.now() - provedAt < hour) return true
    const state = await blobsState(app)
    if (mayCollect(state)) provedAt = app.clock.now()
    else
      app.log.warn(
        { ...state },
        'Unused code of bots is not cleared away: this database has not proved that it knows the stored code.',
      )
    return mayCollect(state)
  }
}

async function sweepAll(app: AppContext): Promise<void> {
  const now = app.clock.now()
  const within = (sweeper: Sweeper) => (sweep: Sweep) => storesOf(app).main.write((tx) => sweeper(tx, sweep))
  await exhaust(iso(now - idempotencyKept), within(sweepIdempotency))
  await exhaust(iso(now), within(sweepSessions))
  await exhaust(iso(now - guessesKept), within(sweepGuesses))
  await exhaust(iso(now), within(sweepMailCounts))
  await exhaust(iso(now), within(sweepVerifications))
  await exhaust(iso(now), within(sweepMoves))
  await exhaust(iso(now), within(sweepSigningSecrets))
  await exhaust(iso(now), within(sweepRecoveryLinks))
  await exhaust(iso(now - invitationKept), (sweep) => removeStaleInvitations(app, sweep))
}

async function exhaust(before: string, sweep: (sweep: Sweep) => Promise<number>): Promise<void> {
  while ((await sweep({ before, limit: sweepBatch })) === sweepBatch);
}
