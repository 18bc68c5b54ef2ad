import { replaceSigningKey } from '../../audit/signing-key.service.ts'
import type { House } from '../../core/house.ts'
import { write } from '../../core/write/write.ts'
import { removeSecondFactors } from './new-key.queries.ts'
import { instance, setupContext } from './setup.service.ts'

export interface KeyAccepted {
  keyId: string
  /** Id of the key that is left behind. */
  formerKeyId: string
  /** How many people have to set up their second factor again: theirs was sealed with the former key. */
  secondFactorsRemoved: number
}

/**
 * Takes the key of this house for the installation's after the former one was lost. What was sealed with that stays
 * closed: secrets of bots have to be set anew, second factors are removed, and everybody signs in again. Checkpoints
 * that it signed keep their worth. For whoever owns the machine.
 * @returns null when the key is the installation's already; nothing is done then.
 */
export async function acceptKey(house: House): Promise<KeyAccepted | null> {
  const { keyId } = house.keys
  const ctx = await setupContext(house)
  try {
    return await write(ctx, { action: 'UNKNOWN', lanes: [instance] }, async (tx) => {
      const formerKeyId = await replaceSigningKey(tx, house)
      if (formerKeyId === null) throw new SameKey()
      const people = await removeSecondFactors(tx)
      const answer = { keyId, formerKeyId, secondFactorsRemoved: people.length }
      return {
        answer,
        changes: people.map((id) => ({ type: 'user' as const, id })),
        audit: { type: 'audit', id: keyId, before: { keyId: formerKeyId }, after: answer },
      }
    })
  } catch (cause) {
    if (cause instanceof SameKey) return null
    throw cause
  }
}

class SameKey extends Error {}
