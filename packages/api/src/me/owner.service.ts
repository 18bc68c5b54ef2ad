import type { MainTx } from '../core/context.ts'
import { renameIndividualAccount, updateMemberEmail, updatePassword, updateUser } from './me.queries.ts'
import { insertMethod } from './person.ts'
import { deleteSessions, deleteTrustedDevices } from './session.queries.ts'

// What `setup` needs of people: queries are reached through their concept.
export { anyoneExists, listOperators } from './me.queries.ts'

interface NewPassword {
  userId: string
  /** Made by `SignIn.hashPassword`. */
  hash: string
  methodId: string
  /** ISO 8601. */
  now: string
}

/** Turns the placeholder owner into a person who can sign in. */
export async function identify(tx: MainTx, person: NewPassword & { email: string; name: string }): Promise<void> {
  const { userId, email, name, now } = person
  await updateUser(tx, userId, { email, display_name: name, claimed: 1, updated_at: now })
  await renameIndividualAccount(tx, userId, { name, contact_email: email, updated_at: now })
  await updateMemberEmail(tx, userId, { email, updated_at: now })
  await setPassword(tx, person)
}

/** Gives a person a password, a new one or the first, and ends their sessions. */
export async function setPassword(tx: MainTx, { userId, hash, methodId, now }: NewPassword): Promise<void> {
  if (!(await updatePassword(tx, userId, { password: hash, updated_at: now })))
    await insertMethod(tx, { userId, methodId, now, method: { kind: 'password', hash } })
  await deleteSessions(tx, userId, null)
  await deleteTrustedDevices(tx, userId)
}
