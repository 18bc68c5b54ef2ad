import { blobNames, mainSchema, type Stores } from '@steward/db'
import type { Db } from '../context.ts'
import { iso } from '../clock.ts'
import type { AppContext } from '../app-context.ts'
import { storesOf } from '../app-context.ts'
import { findInstallation, insertInstallation } from './installation.queries.ts'

/** The blobs at hand are not those of this database: they belong to another installation, or are gone. */
export class BlobsMismatch extends Error {
  override readonly name = 'BlobsMismatch'
  readonly kind: 'foreign' | 'missing'
  constructor(kind: BlobsMismatch['kind']) {
    super(
      kind === 'foreign'
        ? 'The stored bot code belongs to a different installation than the database.'
        : 'The bot code that the database refers to is missing.',
    )
    this.kind = kind
  }
}

/** The id of the installation whose database this is; null before its first start, and while it lacks the table for it. */
export async function installationOf(stores: Stores): Promise<string | null> {
  const { applied } = await mainSchema(stores)
  if (!applied.includes('0001_core')) return null
  return (await findInstallation(stores.main.reader)) ?? null
}

/** How many of the newest named blobs are looked for. */
const sampled = 100

/** How the blobs at hand and the database fit together. */
export interface BlobsState {
  /** What the database says, null before the first start, and what the blobs say, null when no one has claimed them. */
  readonly installationId: string | null
  readonly owner: string | null
  /** Of the newest named blobs: how many were looked for, and how many are there. */
  readonly asked: number
  readonly there: number
}

/** Changes nothing, but that what is named and lies aside is brought back: it is no garbage. */
export async function blobsState(app: AppContext): Promise<BlobsState> {
  const db: Db = storesOf(app).main.reader
  const named = await (await blobNames(storesOf(app).main)).newest(sampled)
  let there = 0
  for (const hash of named) if ((await app.blobs.has(hash)) || (await app.blobs.bringBack(hash))) there += 1
  return {
    installationId: (await findInstallation(db)) ?? null,
    owner: await app.blobs.owner(),
    asked: named.length,
    there,
  }
}

/** What is wrong with them; null when nothing is. That some are missing is damage, which is reported elsewhere. */
export function mismatchOf({ installationId, owner, asked, there }: BlobsState): BlobsMismatch['kind'] | null {
  const isProved = asked > 0 && there * 2 >= asked
  if (owner === null) return asked > 0 && !isProved ? 'missing' : null
  return owner === installationId || (installationId === null && isProved) ? null : 'foreign'
}

/**
 * Whether what no row names may be collected: only where the blobs are known to be this database's. Otherwise a database
 * that was lost or replaced would make garbage of them all.
 */
export function mayCollect(state: BlobsState): boolean {
  return state.installationId !== null && state.owner === state.installationId && state.there * 2 >= state.asked
}

/**
 * To be called at the start of a process: gives the installation its id at the first one, and claims its blobs.
 * @param acceptLoss goes on although the blobs are gone, and from then on without being told.
 * @throws BlobsMismatch when they are not those of this database. Nothing is changed then.
 */
export async function takeInstallation(app: AppContext, { acceptLoss = false } = {}): Promise<string> {
  const { main } = storesOf(app)
  const state = await blobsState(app)
  const mismatch = mismatchOf(state)
  if (mismatch !== null && !(acceptLoss && mismatch === 'missing')) throw new BlobsMismatch(mismatch)
  if (state.installationId === null) {
    const row = { id: state.owner ?? app.ids.uuid(), created_at: iso(app.clock.now()) }
    await main.write((tx) => insertInstallation(tx, row))
  }
  const id = (await findInstallation(main.reader)) ?? ''
  if (state.owner === null) await app.blobs.claim(id)
  if (state.there < state.asked)
    app.log.warn(
      { lookedFor: state.asked, found: state.there },
      'Bot code is missing. Run "steward doctor" to see which, and what to do.',
    )
  return id
}
