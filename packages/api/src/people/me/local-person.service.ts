import { mainSchema, type Stores } from '@steward/db'
import type { Actor } from '../../core/context.ts'
import { toEmailAddress } from '../../core/email.schema.ts'
import { anyoneExists, findUserByEmail, listOperators } from './me.queries.ts'

/*
 * Who acts where nobody signs in: on the command line and on the desktop, whoever may open the data may act as its people.
 */

/** Whether there is anybody yet. The database may still lack its tables. */
export async function hasPeople(stores: Stores): Promise<boolean> {
  return (await mainSchema(stores)).applied.length > 0 && (await anyoneExists(stores.main.reader))
}

/** The id of who operates the installation, of the first where there are several; null while there is nobody. */
export async function firstOperator({ main }: Stores): Promise<string | null> {
  return (await listOperators(main.reader))[0]?.id ?? null
}

/** The person's id; null where nobody has this email. */
export async function personOfEmail({ main }: Stores, email: string): Promise<string | null> {
  const row = await findUserByEmail.first(main.reader, { email: toEmailAddress(email.trim()) ?? '' })
  return row?.id ?? null
}

/** The person on the machine itself: with all their rights, and asked for no second factor. */
export const localActor = (userId: string): Actor => ({ kind: 'user', userId, credential: { kind: 'local' } })
