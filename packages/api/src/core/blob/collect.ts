import { blobNames } from '@steward/db'
import type { AppContext } from '../app-context.ts'
import { storesOf } from '../app-context.ts'
import type { RunningJob } from '../area.ts'
import { day, hour } from '../clock.ts'
import { blobsState, mayCollect } from '../installation/installation.ts'
import type { Handler } from '../write/outbox.ts'
import type { OutboxMessage, Topics } from '../write/write.ts'
import { blobGrace } from './blob-grace.ts'

const hashesPerMessage = 500

/** Promises that blobs, which a write has left unnamed, are looked at after its commit. */
export function collecting(hashes: readonly string[]): OutboxMessage[] {
  return Array.from({ length: Math.ceil(hashes.length / hashesPerMessage) }, (_, part) => ({
    topic: 'blob.collect',
    payload: { hashes: hashes.slice(part * hashesPerMessage, (part + 1) * hashesPerMessage) },
  }))
}

/** Sets aside what no row names; what is still in its grace is looked at again after it. */
export function collectBlobs(app: AppContext): Handler {
  const isProved = gateOf(app)
  return async ({ payload }) => {
    const { main } = storesOf(app)
    if (!(await isProved())) return { again: day }
    const named = await blobNames(main)
    let inGrace = false
    for (const hash of (payload as Topics['blob.collect']).hashes) {
      if (await named.has(hash)) continue
      await app.blobs.setAside(hash)
      inGrace ||= await app.blobs.has(hash)
    }
    return inGrace ? { again: blobGrace } : undefined
  }
}

/**
 * Once a day: sets aside what no row ever named, of writes that were refused and what crashes left behind, and deletes
 * what has lain aside long enough, if it is still not named.
 */
export function collectDaily(app: AppContext): RunningJob {
  const isProved = gateOf(app)
  let collected = Number.NEGATIVE_INFINITY
  return {
    name: 'blob cleanup',
    async hourly() {
      if (app.clock.now() - collected < day) return
      collected = app.clock.now()
      if (await isProved()) await collectGarbage(app)
    },
  }
}

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

const gates = new WeakMap<AppContext, () => Promise<boolean>>()

/** One for all the collecting of an app. */
function gateOf(app: AppContext): () => Promise<boolean> {
  const gate = gates.get(app) ?? collectingGate(app)
  gates.set(app, gate)
  return gate
}

/** Checked again every hour, and each time while the answer is no. */
function collectingGate(app: AppContext): () => Promise<boolean> {
  let provedAt = Number.NEGATIVE_INFINITY
  return async () => {
    if (app.clock.now() - provedAt < hour) return true
    const state = await blobsState(app)
    if (mayCollect(state)) provedAt = app.clock.now()
    else
      app.log.warn(
        { ...state },
        'Unused bot code is not being deleted: this database has not proven that the stored code is its own.',
      )
    return mayCollect(state)
  }
}
