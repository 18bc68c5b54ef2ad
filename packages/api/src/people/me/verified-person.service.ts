import type { MainTx } from '../../core/context.ts'
import { accountOfWorkspace, findVerifiedPerson } from './verified-person.queries.ts'

/**
 * The person whom an account may take by an email alone. Anybody can register any address, by an invitation of their
 * own too, so that it counts only when a provider vouched for it, when the operator made the person, or when they came
 * into a workspace of this account before. Others get in by the link of their invitation.
 */
export function verifiedPersonOf(
  tx: MainTx,
  asked: { accountId: string; email: string },
): Promise<{ id: string } | undefined> {
  return findVerifiedPerson.first(tx, asked)
}

/** The same for the account that the workspace belongs to. */
export async function verifiedPersonIn(
  tx: MainTx,
  { workspaceId, email }: { workspaceId: string; email: string },
): Promise<{ id: string } | undefined> {
  const workspace = await accountOfWorkspace.first(tx, { workspaceId })
  return workspace && findVerifiedPerson.first(tx, { email, accountId: workspace.account_id })
}
