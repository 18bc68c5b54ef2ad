import { violationOf } from '@steward/db'
import { iso } from '../../core/clock.ts'
import type { AuthorizedContext, Db, Lane, MainTx } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import type { AppContext } from '../../core/app-context.ts'
import type { Change, Written } from '../../core/write/write.ts'
import { write } from '../../core/write/write.ts'
import { memberFields } from '../member/member.service.ts'
import { insertWorkspace } from '../workspace/workspace.service.ts'
import { insertAccount, insertAdministrator } from '../account/account.queries.ts'
import { findUserByEmail, insertUser } from '../me/me.queries.ts'
import { deleteInvitation, findOpenInvitation, insertUsedInvitation } from '../member/invitation.queries.ts'
import { linkMember } from '../member/member.queries.ts'
import type { FirstSignInMethod } from '../identity/sign-in-method.service.ts'
import { insertMethod } from '../identity/sign-in-method.service.ts'

export interface NewPerson {
  /** By the rule of `emailAddress`. */
  email: string
  name: string
  method: FirstSignInMethod
  /** What the identity provider vouches for; false by default. */
  emailVerified?: boolean
  picture?: string | null
  operator?: boolean
  /** False for the placeholder owner of a fresh installation. */
  claimed?: boolean
  /** `<name>'s workspace` by default. */
  workspaceName?: string
  /** An invitation to accept in the same write, by the hash of its secret. */
  invitation?: { hash: string; workspaceId: string }
}

/** A person about to be written: the ids are made once, so that a retried transaction writes the same rows. */
export interface PlannedPerson extends NewPerson {
  userId: string
  accountId: string
  workspaceId: string
  memberId: string
  methodId: string
  workspaceName: string
  /** ISO 8601. */
  now: string
}

export function planPerson(app: AppContext, person: NewPerson): PlannedPerson {
  return {
    ...person,
    workspaceName: person.workspaceName ?? `${person.name}'s workspace`,
    userId: app.ids.uuid(),
    accountId: app.ids.make('account'),
    workspaceId: app.ids.make('workspace'),
    memberId: app.ids.make('member'),
    methodId: app.ids.uuid(),
    now: iso(app.clock.now()),
  }
}

/** The lanes that a new person's write takes, their own first. */
export function lanesOfPerson(plan: PlannedPerson): Lane[] {
  const lanes: Lane[] = [
    { kind: 'user', id: plan.userId },
    { kind: 'account', id: plan.accountId },
    { kind: 'workspace', id: plan.workspaceId },
  ]
  if (plan.invitation) lanes.push({ kind: 'workspace', id: plan.invitation.workspaceId })
  return lanes
}

/** What a new person leaves in the lanes. */
type Traces = Required<Pick<Written<unknown>, 'changes' | 'laneAudits'>>

/**
 * Writes the person, their way of signing in, their individual account with them as administrator, and a first
 * workspace that they own: every account owns at least one. In a workspace's lane the record is about the workspace.
 * @throws AlreadyExists when the email is taken; Forbidden when the invitation is no longer good.
 */
export async function insertPerson(app: AppContext, tx: MainTx, plan: PlannedPerson): Promise<Traces> {
  const { userId, accountId, workspaceId, memberId, email, now } = plan
  if (await findUserByEmail.first(tx, { email })) throw emailTaken()
  await insertUser(tx, {
    id: userId,
    email,
    email_verified: plan.emailVerified ? 1 : 0,
    display_name: plan.name,
    picture: plan.picture ?? null,
    operator: plan.operator ? 1 : 0,
    claimed: plan.claimed === false ? 0 : 1,
    two_factor_enabled: 0,
    created_at: now,
    updated_at: now,
  })
  if (plan.method) await insertMethod(tx, { ...plan, method: plan.method })
  await insertIndividualAccount(tx, plan)
  await insertHomeWorkspace(app, tx, plan)
  const changes: Change[] = [
    { type: 'user', id: userId },
    { type: 'account', id: accountId, lane: accountId },
    { type: 'workspace', id: workspaceId, lane: workspaceId },
    { type: 'member', id: memberId, lane: workspaceId },
  ]
  const { workspaceName: name } = plan
  const made = { type: 'workspace', id: workspaceId, name, after: { name, accountId, userId } } as const
  const joined = plan.invitation && (await join(tx, plan, plan.invitation))
  return {
    changes: [...changes, ...(joined?.changes ?? [])],
    laneAudits: { [workspaceId]: { action: 'CREATE_WORKSPACE', audit: made }, ...joined?.laneAudits },
  }
}

async function insertIndividualAccount(tx: MainTx, plan: PlannedPerson): Promise<void> {
  await insertAccount.run(tx, {
    id: plan.accountId,
    kind: 'individual',
    name: plan.name,
    legal_name: null,
    tax_id: null,
    contact_email: plan.email,
    billing_email: null,
    billing_address: null,
    user_id: plan.userId,
    created_at: plan.now,
    updated_at: plan.now,
  })
  await insertAdministrator.run(tx, { accountId: plan.accountId, userId: plan.userId, at: plan.now })
}

async function insertHomeWorkspace(app: AppContext, tx: MainTx, plan: PlannedPerson): Promise<void> {
  await insertWorkspace(app, tx, {
    id: plan.workspaceId,
    accountId: plan.accountId,
    name: plan.workspaceName,
    at: plan.now,
    owner: { memberId: plan.memberId, userId: plan.userId, email: plan.email },
  })
}

async function join(tx: MainTx, plan: PlannedPerson, { hash }: { hash: string }): Promise<Traces> {
  const invitation = await goodInvitation(tx, { ...plan, hash })
  const { workspace_id: lane, member_id: id, email, role } = invitation
  await linkMember.run(tx, { workspaceId: lane, id, userId: plan.userId, at: plan.now })
  await deleteInvitation.run(tx, { workspaceId: lane, id: invitation.id })
  await insertUsedInvitation.run(tx, { hash: invitation.hash, memberId: id })
  const after = memberFields({ email, role, user_id: plan.userId })
  return {
    changes: [
      { type: 'member', id, lane },
      { type: 'invitation', id: invitation.id, deleted: true, lane },
    ],
    laneAudits: {
      [lane]: { action: 'ADD_WORKSPACE_MEMBER', audit: { type: 'member', id, name: email, value: role, after } },
    },
  }
}

/** The open invitation that was sent to this address. @throws Forbidden */
export async function goodInvitation(db: Db, { hash, email, now }: { hash: string; email: string; now: string }) {
  const invitation = await findOpenInvitation.first(db, { hash })
  if (!invitation || invitation.expires_at <= now || invitation.email !== email) throw invitationRefused()
  return invitation
}

export function emailTaken(): ApiError {
  return new ApiError('AlreadyExists', 'There is already an account with this email.')
}

export function invitationRefused(): ApiError {
  return new ApiError(
    'Forbidden',
    'This invitation is not valid: it is unknown, used, expired, or was sent to another email address.',
  )
}

/** Two sign-ups with one email at once: the later one meets the unique index. */
export async function orEmailTaken<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw violationOf(cause) === 'unique' ? emailTaken() : cause
  }
}

export interface CreatedPerson {
  userId: string
  accountId: string
  workspaceId: string
}

/**
 * Makes a person in one write: see `insertPerson`. For sign-up, identity providers, set-up and the command line.
 * @throws AlreadyExists when the email is taken; Forbidden when the invitation is not good.
 */
export function createPerson(ctx: AuthorizedContext, person: NewPerson): Promise<CreatedPerson> {
  return writePerson(ctx, planPerson(ctx.app, person))
}

/** The same for a person whose ids are known already. */
export function writePerson(ctx: AuthorizedContext, plan: PlannedPerson): Promise<CreatedPerson> {
  const { userId, accountId, workspaceId } = plan
  return orEmailTaken(() =>
    write(ctx, { action: 'CREATE_WORKSPACE', lanes: lanesOfPerson(plan), newcomer: userId }, async (tx) => ({
      ...(await insertPerson(ctx.app, tx, plan)),
      audit: { type: 'user', id: userId, name: plan.name, after: { email: plan.email } },
      answer: { userId, accountId, workspaceId },
    })),
  )
}
