import { authorize, boundWorkspace, systemContext } from '../../core/access/access.ts'
import { hour, iso } from '../../core/clock.ts'
import type { AnyContext, AuthorizedContext, Db, Lane, WorkspaceContext } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { requireConfirmed } from '../identity/confirmed.service.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import type { AppContext } from '../../core/app-context.ts'
import { linkForCaller, linkForOthers } from '../../core/links.ts'
import { mailMessage } from '../../core/mail/mail.ts'
import { takeMailShare } from '../../core/mail/mail-share.ts'
import { read } from '../../core/write/read.ts'
import { mintToken, sha256 } from '../../core/secrets.ts'
import type { Action, Written } from '../../core/write/write.ts'
import { write } from '../../core/write/write.ts'
import { requireOperator } from '../me/operator.service.ts'
import { recoveryLetter } from './recovery.mail.ts'
import type { NewLink } from './recovery.queries.ts'
import { findPersonByEmail, findPersonOfMember, memberExists, replaceLink } from './recovery.queries.ts'
import { refuseOneself, requireSafe } from './recovery.rules.ts'
import type { CreateForMemberInput, CreateInput, RecoveryLink } from './recovery.schema.ts'
import { createInput } from './recovery.schema.ts'

type Resets = Omit<CreateInput, 'email'>

interface Person {
  id: string
  email: string
}

/** Everything of a link but whose it is; made before the transaction, which may run twice. */
export interface LinkDraft {
  /** Shown once, as only the hash of its secret is kept. */
  path: string
  /** Milliseconds. */
  expiresAt: number
  row: Omit<NewLink, 'user_id' | 'origin' | 'workspace_id' | 'made_by'>
}

export function draftLink(
  { ids, clock }: AppContext,
  { password, secondFactor, expiresInHours }: Omit<Resets, 'sendEmail'>,
): LinkDraft {
  const secret = mintToken(ids, 'stw_rec_')
  const now = clock.now()
  const expiresAt = now + expiresInHours * hour
  return {
    path: `/recovery#${secret}`,
    expiresAt,
    row: {
      hash: sha256(secret),
      password: password ? 1 : 0,
      second_factor: secondFactor ? 1 : 0,
      created_at: iso(now),
      expires_at: iso(expiresAt),
    },
  }
}

/**
 * Makes a link by which a member gets back in; it ends the one before.
 * @throws ResourceNotFound for nobody, and for who has not joined; Forbidden where only the operator may (`requireSafe`).
 */
export async function createForMember(ctx: WorkspaceContext, input: CreateForMemberInput): Promise<RecoveryLink> {
  const { workspaceId } = ctx
  const key = { workspaceId, id: input.memberId }
  const person = await read(ctx, (db) => personOfMember(db, key))
  const lanes: Lane[] = [ctx.lane, { kind: 'user', id: person.id }]
  return makeLink(ctx, { action: 'UPDATE_WORKSPACE_MEMBER', lanes, input, person, workspaceId }, async (tx) => {
    if ((await personOfMember(tx, key)).id !== person.id) throw notFound('member', key.id)
    const making = { userId: person.id, workspaceId, bound: boundWorkspace(ctx) !== null }
    const makerId = actingUser(ctx)
    if (makerId !== null) await requireSafe(ctx.app, tx, { ...making, makerId })
  })
}

async function personOfMember(db: Db, key: { workspaceId: string; id: string }): Promise<Person> {
  const person = await findPersonOfMember.first(db, key)
  if (person) return person
  if (!(await memberExists.first(db, key))) throw notFound('member', key.id)
  throw new ApiError('ResourceNotFound', 'They have not joined yet. Renew their invitation instead.', {
    resource: 'member',
  })
}

/**
 * The same for anybody of the installation, by its operator or from the command line.
 * @throws Forbidden for everybody else and for oneself; ReferenceNotFound for an address that nobody has.
 */
export async function createForPerson(ctx: AnyContext, input: CreateInput): Promise<RecoveryLink> {
  await read(ctx, (db) => requireOperator(ctx, db))
  const person = await read(ctx, (db) => findPersonByEmail.first(db, { email: input.email }))
  if (!person)
    throw new ApiError('ReferenceNotFound', `There is nobody with the email ${input.email}.`, { resource: 'user' })
  const lanes: Lane[] = [{ kind: 'user', id: person.id }]
  return makeLink(ctx, { action: 'UNKNOWN', lanes, input, person, workspaceId: null }, async (tx) => {
    await requireOperator(ctx, tx)
    const makerId = actingUser(ctx)
    if (makerId !== null) refuseOneself(makerId, person.id)
  })
}

/** A token carries the scope for this by somebody's choice; an open browser carries nobody's. */
const byToken = ({ actor }: AuthorizedContext): boolean => actor.kind === 'user' && actor.credential.kind === 'token'

interface Making {
  action: Exclude<Action, object>
  lanes: Lane[]
  input: Resets
  person: Person
  workspaceId: string | null
}

function makeLink(
  ctx: AuthorizedContext,
  { action, lanes, input, person, workspaceId }: Making,
  check: (db: Parameters<Parameters<typeof write>[2]>[0]) => Promise<void>,
): Promise<RecoveryLink> {
  const { app } = ctx
  const draft = draftLink(app, input)
  const emailed = input.sendEmail && app.mailer !== null
  return write(ctx, { action, lanes }, async (tx): Promise<Written<RecoveryLink>> => {
    if (!byToken(ctx)) await requireConfirmed(ctx, tx)
    await check(tx)
    if (emailed) await takeMailShare(tx, ctx, person.email)
    const row = { ...draft.row, user_id: person.id, workspace_id: workspaceId, made_by: actingUser(ctx) }
    await replaceLink(tx, { ...row, origin: 'given' })
    const { password, secondFactor } = input
    const about = { to: person.email, password, secondFactor, expiresAt: draft.expiresAt }
    const letter = recoveryLetter({ ...about, link: linkForOthers(app, draft.path), asked: false })
    return {
      answer: { link: linkForCaller(ctx, draft.path), email: person.email, expiresAt: draft.row.expires_at, emailed },
      changes: [{ type: 'user', id: person.id, lane: person.id }],
      audit: {
        type: 'user',
        id: person.id,
        name: person.email,
        value: 'recovery link',
        after: { password, secondFactor, expiresAt: draft.row.expires_at, emailed, userId: person.id },
      },
      outbox: emailed ? [mailMessage(app, letter, draft.expiresAt)] : [],
    }
  })
}

/** `createForPerson` from the command line, where whoever may run it owns the machine. */
export async function makeRecoveryLink(app: AppContext, input: Partial<CreateInput>): Promise<RecoveryLink> {
  const parsed = createInput.safeParse(input)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ApiError('InvalidPayload', `"${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}`)
  }
  const request = { id: app.ids.make('request'), ip: null, userAgent: null, idempotencyKey: null }
  const ctx = await authorize(systemContext(app, 'command line', request), 'recovery.create', {})
  return createForPerson(ctx, parsed.data)
}
