import type { Stores } from '@steward/db'
import { peopleShutOut } from '@steward/installation'
import type { Config } from '../config.ts'
import { count, ok, warn, type Finding } from './finding.ts'

const name = 'ways in'
/** People named in a finding. */
const shown = 5

/** Whether people can sign in: who only ever came by an identity provider cannot once it is no longer set. */
export async function checkWaysIn({ oidc }: Config, stores: Stores): Promise<Finding> {
  const ways = ['credential', ...oidc.map(({ id }) => id)]
  const { people, first } = await peopleShutOut(stores, { ways, limit: shown })
  if (people === 0) return ok(name, 'everybody has a password or an identity provider that is set')
  const names = first.map(({ email, provider }) => `${email} (${provider})`).join(', ')
  return warn(
    name,
    `${count(people, 'person', 'people')} can sign in only by an identity provider that is not set any more: ${names}${people > shown ? ' …' : ''}`,
    'Set the provider again, or make each a link: steward person reset --help',
  )
}
