import type { AuditRecord } from './audit.ts'

/** What of a record says who it was. */
export type Signed = Pick<AuditRecord, 'userId' | 'userEmail' | 'operation'>

/** Who made a change, in a word. */
export function actorOf({ userId, userEmail, operation }: Signed): string {
  if (userEmail) return userEmail
  if (userId !== null) return 'Former person'
  return operation === 'account.declineWorkspace' ? 'The other account' : 'Steward'
}
