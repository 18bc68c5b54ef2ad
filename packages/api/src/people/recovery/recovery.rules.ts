import { hasOthers } from '../member/member.queries.ts'
import { isWorkspaceInUse } from '../../core/write/lifecycle.ts'
import type { AppContext } from '../../core/app-context.ts'
import type { Db } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import type { Role } from '../../core/access/rule.ts'
import { isAbove } from '../member/member.rules.ts'
import { accountsOf, findPerson, findWorkspaceAccount, placesOf } from './recovery.queries.ts'

/** Who makes a link for whom, as a member of which workspace. */
export interface Making {
  makerId: string
  userId: string
  workspaceId: string
  /** The maker acts by a token that is good for this workspace alone. */
  bound?: boolean
}

const leads = (role: Role | undefined): boolean => role === 'administrator' || role === 'owner'

/**
 * Whoever holds a link can become the person. So an administrator makes one only for whom they could do everything
 * already: a member of this account's workspaces alone, of those only where the maker leads as well, who leads nothing
 * elsewhere, administers no account and does not operate the installation. The operator may for everybody else.
 * @throws Forbidden
 */
export async function requireSafe(
  app: AppContext,
  db: Db,
  { makerId, userId, workspaceId, bound }: Making,
): Promise<void> {
  refuseOneself(makerId, userId)
  const maker = await findPerson.first(db, { userId: makerId })
  if (maker?.operator === 1 && !bound) return
  const person = await findPerson.first(db, { userId })
  const theirs = await placesOf.all(db, { userId })
  const mine = await placesOf.all(db, { userId: makerId })
  const roleOf = (id: string) => mine.find((place) => place.workspace_id === id && (!bound || id === workspaceId))?.role
  const here = theirs.find((place) => place.workspace_id === workspaceId)
  const own = roleOf(workspaceId)
  if (!here || !own || !leads(own)) throw new ApiError('Forbidden', 'You do not administer a workspace they belong to.')
  if (isAbove(here.role, own)) throw new ApiError('Forbidden', 'This member has a higher role than you.')
  if (person?.operator === 1) throw onlyOperator('They operate this installation')
  const account = await findWorkspaceAccount.first(db, { workspaceId })
  for (const place of theirs) {
    if (place.workspace_id === workspaceId) continue
    if (place.account_user_id === userId && !(await isInUse(app, db, place.workspace_id))) continue
    if (place.account_id !== account?.account_id || !leads(roleOf(place.workspace_id)) || leads(place.role))
      throw onlyOperator('They also work in other workspaces')
  }
  if (await accountsOf.first(db, { userId })) throw onlyOperator('They administer an account')
}

/** Whether anything is in a workspace besides one member. */
async function isInUse(app: AppContext, db: Db, workspaceId: string): Promise<boolean> {
  return (await isWorkspaceInUse(app, db, workspaceId)) || hasOthers(db, workspaceId)
}

/** @throws Forbidden */
export function refuseOneself(makerId: string, userId: string): void {
  if (makerId === userId)
    throw new ApiError(
      'Forbidden',
      'You cannot create a recovery link for yourself. Change your password under Security.',
    )
}

function onlyOperator(why: string): ApiError {
  return new ApiError('Forbidden', `${why}, so only the operator of this installation can create a link for them.`)
}
