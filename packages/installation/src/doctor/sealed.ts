import { isSecretOf, secretPurpose, signingPurpose, type AppContext } from '@steward/api/server'
import type { Stores } from '@steward/db'
import { sealedSample } from './recount.queries.ts'

/** A key that fits opens all; a sample tells. */
const sample = 200

export interface SealedState {
  /** Whether the database was used with this secret; null while it was used with none. */
  fits: boolean | null
  /** Of the secrets of bots, up to 200 of each kind: how many were tried, and how many the key does not open. */
  tried: number
  closed: number
}

/** Whether a secret opens what was sealed with it. */
export async function sealedState({ keys }: AppContext, secret: Uint8Array, stores: Stores): Promise<SealedState> {
  const { signing, secrets } = await sealedSample(stores, sample)
  const opens = [
    ...signing.map((row) => () => keys.unseal(row.sealed, signingPurpose(row.bot_id))),
    ...secrets.map((row) => () => keys.unseal(row.sealed, secretPurpose(row.bot_id, row.name))),
  ]
  const closed = opens.filter((open) => !succeeds(open)).length
  return { fits: await isSecretOf(stores, secret), tried: opens.length, closed }
}

function succeeds(open: () => unknown): boolean {
  try {
    open()
    return true
  } catch {
    return false
  }
}
