import type { MainTx } from '../../core/context.ts'
import { renameIndividualAccount } from '../account/account.queries.ts'
import { deleteSecondFactor } from '../identity/second-factor.queries.ts'
import { deleteSessions, deleteTrustedDevices } from '../identity/session.queries.ts'
import { updatePassword } from '../identity/sign-in-method.queries.ts'
import { insertMethod } from '../identity/sign-in-method.service.ts'
import { turnSecondFactorOff, updateUser } from '../me/me.queries.ts'
import { updateMemberEmail } from '../member/member.queries.ts'

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
  await endSignIns(tx, userId)
}

/** Gives a person a password, a new one or the first. */
export async function setPassword(tx: MainTx, { userId, hash, methodId, now }: NewPassword): Promise<void> {
  if (!(await updatePassword(tx, userId, { password: hash, updated_at: now })))
    await insertMethod(tx, { userId, methodId, now, method: { kind: 'password', hash } })
}

/** @returns whether the person had a second factor. */
export async function removeSecondFactor(tx: MainTx, userId: string, now: string): Promise<boolean> {
  await deleteSecondFactor(tx, userId)
  return turnSecondFactorOff(tx, userId, now)
}

/** Signs the person out everywhere, trusted devices included. @returns the sessions that ended. */
export async function endSignIns(tx: MainTx, userId: string): Promise<string[]> {
  const ended = await deleteSessions(tx, userId, null)
  await deleteTrustedDevices(tx, userId)
  return ended
}
