import type { AppContext } from '@steward/api/server'
import type { Stores } from '@steward/db'
import { sealedState } from '@steward/installation'
import { count, fail, ok, warn, type Finding } from './finding.ts'

const fix = 'Put the right secret.key or STEWARD_SECRET_KEY back. Only if it is permanently lost: steward key replace'

/** Whether the installation's key opens what was sealed with it. */
export async function checkSealed(app: AppContext, secret: Uint8Array, stores: Stores): Promise<Finding> {
  const { fits, tried, closed } = await sealedState(app, secret, stores)
  if (fits === false) return fail('encrypted secrets', 'the key does not match this database', fix)
  if (closed === 0)
    return ok(
      'encrypted secrets',
      `the key decrypts ${tried === 0 ? 'everything (nothing yet)' : `all ${tried} that were tried`}`,
    )
  const text = `the key does not decrypt ${closed} of ${count(tried, 'secret')}`
  if (fits === null) return fail('encrypted secrets', `${text}: they were encrypted with another key`, fix)
  return warn(
    'encrypted secrets',
    `${text}: they were encrypted with a former key`,
    'Set these bot secrets again, and rotate the signing secrets.',
  )
}
