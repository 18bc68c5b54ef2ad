import type { AppContext } from '@steward/api/server'
import type { Stores } from '@steward/db'
import { sealedState } from '@steward/installation'
import { count, fail, ok, warn, type Finding } from './finding.ts'

const fix = 'Put the right secret.key or STEWARD_SECRET_KEY back. Only if it is lost for good: steward key replace'

/** Whether the installation's key opens what was sealed with it. */
export async function checkSealed(app: AppContext, secret: Uint8Array, stores: Stores): Promise<Finding> {
  const { fits, tried, closed } = await sealedState(app, secret, stores)
  if (fits === false) return fail('sealed secrets', 'the key is not the one that this database was used with', fix)
  if (closed === 0)
    return ok('sealed secrets', `the key opens ${tried === 0 ? 'what there is (nothing yet)' : `all ${tried} tried`}`)
  const text = `the key does not open ${closed} of ${count(tried, 'secret')}`
  if (fits === null) return fail('sealed secrets', `${text}: it is not the one they were sealed with`, fix)
  return warn(
    'sealed secrets',
    `${text}: they were sealed with a former key`,
    'Set these secrets of bots anew, and rotate their signing secrets.',
  )
}
