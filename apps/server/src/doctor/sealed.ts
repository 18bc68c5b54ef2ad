import { isSecretOf, secretPurpose, signingPurpose, type AppContext } from '@steward/api/server'
import type { Stores } from '@steward/db'
import { count, fail, ok, warn, type Finding } from './finding.ts'

/** A key that fits opens all; a sample tells. */
const sample = 200

const fix = 'Put the right secret.key or STEWARD_SECRET_KEY back. Only if it is lost for good: steward key replace'

/** Whether the installation's key opens what was sealed with it. */
export async function checkSealed({ keys }: AppContext, secret: Uint8Array, stores: Stores): Promise<Finding> {
  const { main } = stores
  const signing = await main.reader
    .selectFrom('bot_signing_secret')
    .select(['bot_id', 'sealed'])
    .limit(sample)
    .execute()
  const secrets = await main.reader
    .selectFrom('bot_secret')
    .select(['bot_id', 'name', 'sealed'])
    .limit(sample)
    .execute()
  const opens = [
    ...signing.map((row) => () => keys.unseal(row.sealed, signingPurpose(row.bot_id))),
    ...secrets.map((row) => () => keys.unseal(row.sealed, secretPurpose(row.bot_id, row.name))),
  ]
  const fits = await isSecretOf(stores, secret)
  if (fits === false) return fail('sealed secrets', 'the key is not the one that this database was used with', fix)
  const closed = opens.filter((open) => !succeeds(open)).length
  if (closed === 0)
    return ok(
      'sealed secrets',
      `the key opens ${opens.length === 0 ? 'what there is (nothing yet)' : `all ${opens.length} tried`}`,
    )
  const text = `the key does not open ${closed} of ${count(opens.length, 'secret')}`
  if (fits === null) return fail('sealed secrets', `${text}: it is not the one they were sealed with`, fix)
  return warn(
    'sealed secrets',
    `${text}: they were sealed with a former key`,
    'Set these secrets of bots anew, and rotate their signing secrets.',
  )
}

function succeeds(open: () => unknown): boolean {
  try {
    open()
    return true
  } catch {
    return false
  }
}
