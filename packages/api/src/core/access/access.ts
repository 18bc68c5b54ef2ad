import type { Actor, AuthorizedContext, Context, Db, Lane, RequestInfo, WorkspaceContext } from '../context.ts'
import { ApiError } from '../errors.ts'
import { storesOf } from '../app-context.ts'
import { recheckCredential } from './authenticate.ts'
import type { Question, Resource, Target } from './resource.ts'
import type { Permission, Role, Rule, RuleOf, Scope, Scopes } from './rule.ts'
import { keyAllows, roleAllows } from './rule.ts'

/** The context that a permission mints. */
export type ContextFor<P extends Permission> = RuleOf<P> extends { scope: infer S extends Scope } ? Scopes[S] : never

export function ruleOf({ areas }: Context['app'], permission: Permission): Rule {
  return areas.permissions[permission]
}

/**
 * Asks the table of permissions whether the actor may: role ∩ key scope ∩ allowlist. Deny by default.
 * @returns the context that services demand.
 * @throws Unauthorized without a credential; Forbidden for a role or key that is not enough; ResourceNotFound for what
 *   does not exist or is not visible to the actor; InvalidPayload when the scope was not named.
 */
export async function authorize<P extends Permission>(
  ctx: Context,
  permission: P,
  target: Target,
): Promise<ContextFor<P>> {
  const question: Question = { permission, rule: ruleOf(ctx.app, permission), target }
  const mint = async (db: Db): Promise<AuthorizedContext> => {
    const minted = await check(ctx, db, question)
    minted.recheck = async (again: Db): Promise<never> => {
      await recheckCredential(ctx.app, again, ctx.actor)
      return (await mint(again)) as never
    }
    return minted
  }
  return (await mint(storesOf(ctx.app).main.reader)) as ContextFor<P>
}

/**
 * Asks as much of `authorize` as can be asked before the input is read: all of it where `target` already names what the
 * permission is about, else whether this kind of credential, with its scopes, opens it at all.
 * @throws what `authorize` throws.
 */
export async function authorizeUnread(ctx: Context, permission: Permission, target: Target): Promise<void> {
  const question: Question = { permission, rule: ruleOf(ctx.app, permission), target }
  if (resourceOf(ctx, question.rule)?.isNamed(target)) await check(ctx, storesOf(ctx.app).main.reader, question)
  else requireCredential(ctx.actor, question)
}

/** Whether this kind of credential, with its scopes, opens the permission; on what it opens it is another question. */
export function credentialOpens({ app, actor }: Pick<Context, 'app' | 'actor'>, permission: Permission): boolean {
  return credentialFault(actor, { permission, rule: ruleOf(app, permission) }) === null
}

/** What the rule is asked about; null where it is about nothing. */
export function resourceOf({ app }: Pick<Context, 'app'>, { scope }: Rule): Resource | null {
  return scope === 'anyone' || scope === 'any' ? null : app.areas.resources[scope]
}

async function check(ctx: Context, db: Db, question: Question): Promise<AuthorizedContext> {
  const { permission, rule } = question
  requireCredential(ctx.actor, question)
  if (rule.scope === 'anyone')
    return { ...beginContext(ctx, permission, { kind: 'instance', id: 'instance' }), scope: 'anyone' }
  for (const gate of ctx.app.areas.gates) await gate(ctx, db, question)
  const resource = resourceOf(ctx, rule)
  return resource
    ? resource.mint(ctx, db, question)
    : { ...beginContext(ctx, permission, actorLane(ctx)), scope: 'any' }
}

/** Stands where `authorize` puts the question that mints. */
async function unminted(): Promise<never> {
  throw new Error('This context was not created by authorize.')
}

/** What every minted context begins with; for resources. */
export function beginContext(ctx: Context, permission: Permission, lane: Lane) {
  const { app, actor, request, idempotency, longTexts } = ctx
  return { app, actor, request, permission, lane, recheck: unminted, idempotency, longTexts }
}

function actorLane(ctx: Context): Lane {
  return ctx.actor.kind === 'user' ? { kind: 'user', id: ctx.actor.userId } : { kind: 'instance', id: 'instance' }
}

function requireCredential(actor: Actor, asked: Pick<Question, 'permission' | 'rule'>): void {
  const fault = credentialFault(actor, asked)
  if (fault) throw fault()
}

/** Why the credential does not open the permission; null where it does. */
function credentialFault(
  actor: Actor,
  { permission, rule }: Pick<Question, 'permission' | 'rule'>,
): (() => ApiError) | null {
  if (rule.scope === 'anyone') return null
  if (actor.kind === 'anonymous')
    return () => new ApiError('Unauthorized', 'This call needs a token: send it as "Authorization: Bearer <token>".')
  if (actor.kind === 'bot' && !rule.botKeys)
    return () => new ApiError('Forbidden', 'A bot key cannot be used for the admin API.', { permission })
  if (actor.kind === 'user' && actor.credential.kind === 'token' && !keyAllows(actor.credential.scopes, rule))
    return () => new ApiError('Forbidden', `This token lacks the scope "${rule.key}".`, { permission, scope: rule.key })
  return null
}

/** The one workspace that the caller's token may touch; null when it is not bound. */
export function boundWorkspace({ actor }: Pick<Context, 'actor'>): string | null {
  return actor.kind === 'user' && actor.credential.kind === 'token' ? actor.credential.workspaceId : null
}

/** A token that is bound to one workspace sees nothing outside it. */
export function boundElsewhere(ctx: Context, workspaceId: string | null): boolean {
  const bound = boundWorkspace(ctx)
  return bound !== null && bound !== workspaceId
}

/** @throws InvalidPayload where the call does not say what it is about. */
export function requireNamed(id: string | undefined, name: string): string {
  if (!id)
    throw new ApiError(
      'InvalidPayload',
      name === 'workspaceId'
        ? 'Name the workspace: send the header x-workspace-id, or workspaceId.'
        : `"${name}" is missing.`,
      { missing: name },
    )
  return id
}

/**
 * @param own whether the actor created what it is about.
 * @throws Forbidden when the role is not among those of the permission (or of its creator rule).
 */
export function requireRole(
  { permission, rule }: Pick<Question, 'permission' | 'rule'>,
  role: Role | 'system',
  own: boolean,
): void {
  if (roleAllows(rule, role, own)) return
  throw new ApiError(
    'Forbidden',
    `Your role "${role}" cannot do this. It requires one of these roles: ${rule.roles.join(', ')}.`,
    {
      permission,
      role,
      roles: rule.roles,
    },
  )
}

/** A context of a workspace, or of something in it that somebody created. */
type RoleContext = Pick<WorkspaceContext, 'app' | 'actor' | 'role'> & { createdBy?: string | null }

/**
 * Asks a stricter rule for part of a procedure (`workspace.update#profile`).
 * @throws Forbidden as `authorize` does.
 */
export function requirePermission(ctx: RoleContext, permission: Permission): void {
  const { app, actor, role, createdBy } = ctx
  const own = actor.kind === 'user' && createdBy === actor.userId
  requireRole({ permission, rule: ruleOf(app, permission) }, role, own)
}

/** A context for jobs and the command line: the system may do everything, and the audit trail says it was the system. */
export function systemContext(app: Context['app'], name: string, request: RequestInfo): Context {
  return { app, actor: { kind: 'system', name }, request }
}
