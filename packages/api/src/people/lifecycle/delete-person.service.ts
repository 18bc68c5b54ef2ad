import { deletePreferences } from '../../core/preference/preference.ts'
import { deleteAccountsOfPerson } from '../account/account.queries.ts'
import { deleteTrustedDevices } from '../identity/session.queries.ts'
import { membershipsOf, hasOthers, deleteMemberships } from '../member/member.queries.ts'
import type { AppContext } from '../../core/app-context.ts'
import { announce, moveGauge, isWorkspaceInUse } from '../../core/write/lifecycle.ts'
import { staysInGoodHands } from '../account/leaving.service.ts'
import { requireConfirmed } from '../identity/confirmed.service.ts'
import type { Db, Lane, MainTx, SelfContext } from '../../core/context.ts'
import { toEmailAddress } from '../../core/email.schema.ts'
import { ApiError } from '../../core/errors.ts'
import { read } from '../../core/write/read.ts'
import type { Change, LaneAudit } from '../../core/write/write.ts'
import { write } from '../../core/write/write.ts'
import { memberFields } from '../member/member.service.ts'
import { closing, eraseWorkspace } from '../workspace/workspace.service.ts'
import { administered, workspacesHeld } from './delete-person.queries.ts'
import { deleteUser, findUser } from '../me/me.queries.ts'
import type { DeleteAccountInput } from '../me/me.schema.ts'

/**
 * Deletes the person with everything that is theirs alone: tokens, sessions, preferences, memberships, the individual
 * account and an unused home workspace. Each workspace and account they leave gets the record that leaving it gets.
 * @throws ReferenceConstraint while they own a workspace that is in use or is not the last of their account, or are
 *   the last administrator of an organization, or the last one who has done anything as one; Forbidden in a session that
 *   was not confirmed lately, and by a token that does not name the person.
 */
export async function deleteAccount(ctx: SelfContext, input: DeleteAccountInput): Promise<Record<string, never>> {
  const { userId } = ctx
  const known = await read(ctx, (db) => belongings(ctx, db))
  return write(ctx, { action: 'UNKNOWN', lanes: known.lanes }, async (tx) => {
    const now = await belongings(ctx, tx)
    const taken = new Set(known.lanes.map((lane) => lane.id))
    if (now.lanes.some((lane) => !taken.has(lane.id)))
      throw new ApiError('ReferenceConstraint', 'Your memberships have changed in the meantime. Try again.')
    refuseLeaving(now)
    const person = await findUser.first(tx, { userId })
    await requireProof(ctx, tx, { email: person?.email ?? null, given: input.confirmEmail })
    for (const home of now.held) await eraseWorkspace(ctx.app, tx, home.id)
    await erasePerson(ctx.app, tx, now)
    return {
      answer: {},
      changes: farewell(now, userId),
      audit: { type: 'user', id: userId },
      laneAudits: farewellAudits(now, person?.email ?? null),
    }
  })
}

/** Whoever found a token shall not end the person by one empty call. */
async function requireProof(
  ctx: SelfContext,
  tx: MainTx,
  { email, given }: { email: string | null; given: string | undefined },
): Promise<void> {
  const { actor } = ctx
  if (actor.kind !== 'user' || actor.credential.kind !== 'token') return requireConfirmed(ctx, tx)
  if (email === null || toEmailAddress(given) !== email)
    throw new ApiError(
      'Forbidden',
      'With a token this requires "confirmEmail": the email address of the person to delete.',
    )
}

async function belongings({ app, userId }: SelfContext, db: Db) {
  const held = []
  for (const row of await workspacesHeld(db, userId)) {
    const inUse = (await isWorkspaceInUse(app, db, row.id)) || (await hasOthers(db, row.id))
    held.push({ ...row, inUse })
  }
  const places = await membershipsOf(db, userId)
  const accounts = []
  for (const row of await administered(db, userId)) {
    const keeps = await staysInGoodHands(db, { accountId: row.id, userId, actorId: userId })
    accounts.push({ ...row, keeps })
  }
  const workspaces = new Set([...held.map((row) => row.id), ...places.map((row) => row.workspace_id)])
  const lanes: Lane[] = [
    { kind: 'user', id: userId },
    ...accounts.map(({ id }) => ({ kind: 'account', id }) as const),
    ...[...workspaces].map((id) => ({ kind: 'workspace', id }) as const),
  ]
  return { userId, held, places, accounts, lanes }
}

type Belongings = Awaited<ReturnType<typeof belongings>>

/** Their tokens, sessions and ways of signing in go with the person. Their home workspace must be gone. */
async function erasePerson(app: AppContext, tx: MainTx, { userId, accounts, places }: Belongings): Promise<void> {
  await announce({ app, tx }, 'personDeleted', { userId })
  for (const { id, kind } of accounts)
    if (kind === 'individual') await announce({ app, tx }, 'accountDeleted', { accountId: id })
  await deleteMemberships.run(tx, { userId })
  for (const { workspace_id: workspaceId } of places)
    moveGauge(tx, { type: 'workspace_member_count', in: { workspaceId }, delta: -1 })
  await deletePreferences(tx, { owner_kind: 'user', owner_id: userId })
  await deleteTrustedDevices(tx, userId)
  await deleteAccountsOfPerson(tx, userId)
  await deleteUser.run(tx, { userId })
}

function refuseLeaving({ userId, held, accounts }: Belongings): void {
  const kept = held.filter((row) => row.inUse || row.account_user_id !== userId || row.owner_user_id !== userId)
  if (kept.length > 0 || held.length > 1)
    throw new ApiError(
      'ReferenceConstraint',
      'You still own workspaces. Delete them or transfer them to somebody else first.',
      {
        workspaceIds: (held.length > 1 ? held : kept).map((row) => row.id),
      },
    )
  const alone = accounts.filter((row) => row.kind === 'organization' && !row.keeps)
  if (alone.length > 0)
    throw new ApiError(
      'ReferenceConstraint',
      'You are the last administrator of an account who has accepted the role. Add another administrator first. They accept it by editing the account.',
      { accountIds: alone.map((row) => row.id) },
    )
}

function farewell({ held, places, accounts }: Belongings, userId: string): Change[] {
  const left = accounts.map(({ id, kind }): Change => {
    const gone = kind === 'individual' ? { deleted: true as const } : {}
    return { type: 'account', id, lane: id, ...gone }
  })
  return [
    { type: 'user', id: userId, deleted: true },
    ...left,
    ...held.map((row): Change => ({ type: 'workspace', id: row.id, deleted: true, lane: row.id })),
    ...places.map((row): Change => ({ type: 'member', id: row.id, deleted: true, lane: row.workspace_id })),
  ]
}

/** The words of `member.delete`, `workspace.delete` and `account.removeAdministrator`, each in the lane it is about. */
function farewellAudits({ userId, held, places, accounts }: Belongings, email: string | null) {
  const audits: Record<string, LaneAudit> = {}
  for (const row of places) {
    const audit = { type: 'member', id: row.id, name: row.email, value: row.role, before: memberFields(row) } as const
    audits[row.workspace_id] = { action: 'REMOVE_WORKSPACE_MEMBER', audit }
  }
  for (const row of held) audits[row.id] = { action: 'CLOSE_WORKSPACE', audit: closing(row) }
  for (const { id, name } of accounts) {
    const audit = { type: 'account', id, name, value: email, before: { administrator: userId } } as const
    audits[id] = { action: 'UNKNOWN', audit }
  }
  return audits
}
