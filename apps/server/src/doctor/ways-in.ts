import type { Stores } from '@steward/db'
import { peopleShutOut } from '@steward/installation'
import type { Config } from '../config.ts'
import { count, ok, warn, type Finding } from './finding.ts'

const name = 'sign-in methods'
/** People named in a finding. */
const shown = 5

/** Whether people can sign in: who only ever came by an identity provider cannot once it is no longer set. */
export async function checkWaysIn({ oidc }: Config, stores: Stores): Promise<Finding> {
  const ways = ['credential', ...oidc.map(({ id }) => id)]
  const { people, first } = await peopleShutOut(stores, { ways, limit: shown })
  if (people === 0) return ok(name, 'everybody has a password or a configured identity provider')
  const names = first.map(({ email, provider }) => `${email} (${provider})`).join(', ')
  return warn(
    name,
    `${count(people, 'person', 'people')} can sign in only with an identity provider that is no longer configured: ${names}${people > shown ? ' …' : ''}`,
    'Configure the provider again, or create a recovery link for each person: steward person reset --help',
  )
}
