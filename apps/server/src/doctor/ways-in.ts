import type { Stores } from '@steward/db'
import type { Config } from '../config.ts'
import { count, ok, warn, type Finding } from './finding.ts'

const name = 'ways in'
/** People named in a finding. */
const shown = 5

/** Whether people can sign in: who only ever came by an identity provider cannot once it is no longer set. */
export async function checkWaysIn({ oidc }: Config, { main }: Stores): Promise<Finding> {
  const open = ['credential', ...oidc.map(({ id }) => id)]
  const shutOut = main.reader
    .selectFrom('user as u')
    .innerJoin('sign_in_method as m', 'm.user_id', 'u.id')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('sign_in_method as way')
            .select('way.id')
            .whereRef('way.user_id', '=', 'u.id')
            .where('way.provider_id', 'in', open),
        ),
      ),
    )
  const counted = await shutOut.select((eb) => eb.fn.count<number>('u.id').distinct().as('people')).executeTakeFirst()
  const people = counted?.people ?? 0
  if (people === 0) return ok(name, 'everybody has a password or an identity provider that is set')
  const first = await shutOut
    .select((eb) => ['u.email', eb.fn.min<string>('m.provider_id').as('provider')])
    .groupBy('u.email')
    .orderBy('u.email')
    .limit(shown)
    .execute()
  const names = first.map(({ email, provider }) => `${email} (${provider})`).join(', ')
  return warn(
    name,
    `${count(people, 'person', 'people')} can sign in only by an identity provider that is not set any more: ${names}${people > shown ? ' …' : ''}`,
    'Set the provider again, or make each a link: steward person reset --help',
  )
}
