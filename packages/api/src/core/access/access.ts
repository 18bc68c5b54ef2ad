import {
  accountExists,
  administersAccount,
  botAccess,
  botAccessWithRow,
  botOfKey,
  userExists,
  workspaceAccess,
} from './access.queries.ts'
import { recheckCredential } from './authenticate.ts'
import type { Actor, AuthorizedContext, Context, Db, Lane, RequestInfo } from '../context.ts'
import type {
  AccountContext,
  AnyContext,
  AnyoneContext,
  BotContext,
  SelfContext,
  WholeBot,
  WorkspaceContext,
} from '../context.ts'
import { ApiError, notFound } from '../errors.ts'
import { storesOf } from '../app-context.ts'
import type { Permission, Role, Rule, RuleOf, Scope } from './permissions.ts'
import { keyAllows, permissions } from './permissions.ts'
import { requireOfInstallation, requireSecondFactor } from './second-factor.ts'

interface ContextOfScope {
  anyone: AnyoneContext
  any: AnyContext
  self: SelfContext
  account: AccountContext
  workspace: WorkspaceContext
  bot: BotContext
}

/** The context that a permission mints. */
export type ContextFor<P extends Permission> =
  RuleOf<P> extends { scope: infer S extends Scope } ? ContextOfScope[S] : never

/** What a permission is asked about: ids as they stand in the procedure's input. */
export interface Target {
  accountId?: string | undefined
  workspaceId?: string | undefined
  botId?: string | undefined
  /** Names the bot by one of its keys. */
  botKeyId?: string | undefined
  /** The bot is read with the rights on it, see `BotContext`. */
  withRow?: true
}

/**
 * Asks the one table whether the actor may: role ∩ key scope ∩ allowlist. Deny by default.
 * @returns the context that services demand.
 * @throws Unauthorized without a credential; Forbidden for a role or key that is not enough; ResourceNotFound for what
 *   does not exist or is not visible to the actor; InvalidPayload when the scope was not named.
 */
export async function authorize<P extends Permission>(
  ctx: Context,
  permission: P,
  target: Target,
): Promise<ContextFor<P>> {
  const mint = async (db: Db): Promise<AuthorizedContext> => {
    const minted = await check(ctx, db, { permission, target })
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
  const { scope }: Rule = permissions[permission]
  const { accountId, workspaceId, botId, botKeyId } = target
  const ids = { account: accountId, workspace: workspaceId, bot: botId ?? botKeyId }
  if ((scope === 'account' || scope === 'workspace' || scope === 'bot') && ids[scope])
    await check(ctx, storesOf(ctx.app).main.reader, { permission, target })
  else requireCredential(ctx.actor, permission)
}

/** Whether this kind of credential, with its scopes, opens the permission; on what it opens it is another question. */
export function credentialOpens(actor: Actor, permission: Permission): boolean {
  return credentialFault(actor, permission) === null
}

/** Whether what a permission is asked about exists at all, visible to the actor or not. */
export async function isThere(db: Db, { accountId, workspaceId, botId, botKeyId }: Target): Promise<boolean> {
  const userId = ''
  if (botKeyId) return (await botOfKey.first(db, { keyId: botKeyId })) !== undefined
  if (botId) return (await botAccess.first(db, { botId, userId })) !== undefined
  if (workspaceId) return (await workspaceAccess.first(db, { workspaceId, userId })) !== undefined
  if (accountId) return (await accountExists.first(db, { accountId })) !== undefined
  return true
}

interface Question {
  permission: Permission
  target: Target
}

async function check(ctx: Context, db: Db, { permission, target }: Question): Promise<AuthorizedContext> {
  const rule: Rule = permissions[permission]
  requireCredential(ctx.actor, permission)
  if (rule.scope === 'anyone')
    return { ...base(ctx, permission, { kind: 'instance', id: 'instance' }), scope: 'anyone' }
  await requireOfInstallation(ctx, db, permission)
  if (rule.scope === 'self') return self(ctx, db, permission)
  if (rule.scope === 'account') return account(ctx, db, { permission, target })
  if (rule.scope === 'workspace') return workspace(ctx, db, { permission, target })
  if (rule.scope === 'bot') return bot(ctx, db, { permission, target })
  return { ...base(ctx, permission, actorLane(ctx)), scope: 'any' }
}

/** Stands where `authorize` puts the question that mints. */
async function unminted(): Promise<never> {
  throw new Error('This context was not minted by authorize.')
}

function base(ctx: Context, permission: Permission, lane: Lane) {
  const { app, actor, request, idempotency } = ctx
  return { app, actor, request, permission, lane, recheck: unminted, idempotency }
}

function actorLane(ctx: Context): Lane {
  return ctx.actor.kind === 'user' ? { kind: 'user', id: ctx.actor.userId } : { kind: 'instance', id: 'instance' }
}

function requireCredential(actor: Actor, permission: Permission): void {
  const fault = credentialFault(actor, permission)
  if (fault) throw fault()
}

/** Why the credential does not open the permission; null where it does. */
function credentialFault(actor: Actor, permission: Permission): (() => ApiError) | null {
  const rule: Rule = permissions[permission]
  if (rule.scope === 'anyone') return null
  if (actor.kind === 'anonymous')
    return () => new ApiError('Unauthorized', 'This call needs a token: send it as "Authorization: Bearer <token>".')
  if (actor.kind === 'bot' && !rule.botKeys)
    return () => new ApiError('Forbidden', 'The key of a bot does not open the admin API.', { permission })
  if (actor.kind === 'user' && actor.credential.kind === 'token' && !keyAllows(actor.credential.scopes, permission))
    return () => new ApiError('Forbidden', `This token lacks the scope "${rule.key}".`, { permission, scope: rule.key })
  return null
}

async function self(ctx: Context, db: Db, permission: Permission): Promise<SelfContext> {
  const { actor } = ctx
  if (actor.kind !== 'user') throw new ApiError('Forbidden', 'Only a person can do this.', { permission })
  if (boundWorkspace(ctx) !== null && changesThePerson(permission))
    throw new ApiError('Forbidden', 'A token bound to one workspace cannot change the person it belongs to.', {
      permission,
    })
  if (!(await userExists.first(db, { userId: actor.userId })))
    throw new ApiError('Unauthorized', 'This person no longer exists.')
  return { ...base(ctx, permission, { kind: 'user', id: actor.userId }), scope: 'self', userId: actor.userId }
}

async function account(ctx: Context, db: Db, { permission, target }: Question): Promise<AccountContext> {
  const accountId = named(target.accountId, 'accountId')
  const { actor } = ctx
  const visible =
    actor.kind === 'user' && boundElsewhere(ctx, null)
      ? undefined
      : actor.kind === 'user'
        ? await administersAccount.first(db, { accountId, userId: actor.userId })
        : await accountExists.first(db, { accountId })
  if (!visible) throw notFound('account', accountId)
  return { ...base(ctx, permission, { kind: 'account', id: accountId }), scope: 'account', accountId }
}

/** The one workspace that the caller's token may touch; null when it is not bound. */
export function boundWorkspace({ actor }: Pick<Context, 'actor'>): string | null {
  return actor.kind === 'user' && actor.credential.kind === 'token' ? actor.credential.workspaceId : null
}

/** What a token bound to one workspace may not; making and rotating tokens pass the binding on by themselves. */
export function changesThePerson(permission: Permission): boolean {
  const { key }: Rule = permissions[permission]
  return key !== null && key.endsWith(':write') && permission !== 'me.createToken' && permission !== 'me.rotateToken'
}

/** A token that is bound to one workspace sees nothing outside it. */
function boundElsewhere(ctx: Context, workspaceId: string | null): boolean {
  const bound = boundWorkspace(ctx)
  return bound !== null && bound !== workspaceId
}

function named(id: string | undefined, name: string): string {
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

async function workspace(ctx: Context, db: Db, { permission, target }: Question): Promise<WorkspaceContext> {
  const workspaceId = named(target.workspaceId, 'workspaceId')
  const row = await workspaceAccess.first(db, {
    workspaceId,
    userId: ctx.actor.kind === 'user' ? ctx.actor.userId : '',
  })
  const role = ctx.actor.kind === 'system' ? 'system' : (row?.role ?? null)
  if (!row || !role || boundElsewhere(ctx, workspaceId)) throw notFound('workspace', workspaceId)
  if (row.second_factor_required === 1) await requireSecondFactor(ctx, db, 'workspace')
  requireRole(permission, role, false)
  return {
    ...base(ctx, permission, { kind: 'workspace', id: workspaceId }),
    scope: 'workspace',
    workspaceId,
    role,
    memberId: row.member_id,
  }
}

async function bot(ctx: Context, db: Db, { permission, target }: Question): Promise<BotContext> {
  const keyId = target.botKeyId
  const botId = keyId ? (await botOfKey.first(db, { keyId }))?.bot_id : named(target.botId, 'id')
  const unseen = (): ApiError => notFound(keyId ? 'key' : 'bot', keyId ?? botId ?? '')
  if (!botId) throw unseen()
  const { whole, row } = await askForBot(ctx, db, { botId, withRow: target.withRow })
  const role = ctx.actor.kind === 'system' ? 'system' : (row?.role ?? null)
  if (!row || !role || boundElsewhere(ctx, row.workspace_id)) throw unseen()
  if (target.workspaceId && target.workspaceId !== row.workspace_id) throw unseen()
  if (
    row.access === 'SELECTED_USERS' &&
    !row.listed &&
    role !== 'administrator' &&
    role !== 'owner' &&
    role !== 'system'
  )
    throw unseen()
  if (row.second_factor_required === 1) await requireSecondFactor(ctx, db, 'workspace')
  requireRole(permission, role, ctx.actor.kind === 'user' && row.created_by === ctx.actor.userId)
  const lane: Lane = { kind: 'workspace', id: row.workspace_id }
  return {
    ...base(ctx, permission, lane),
    scope: 'bot',
    workspaceId: row.workspace_id,
    role,
    memberId: row.member_id,
    botId,
    botCreatedBy: row.created_by,
    botRow: whole,
  }
}

/** One statement for rights and row, where both are wanted and a person asks. */
async function askForBot(
  ctx: Context,
  db: Db,
  { botId, withRow }: { botId: string; withRow: true | undefined },
): Promise<{ whole?: WholeBot | undefined; row: Awaited<ReturnType<typeof botAccess.first>> }> {
  if (ctx.actor.kind !== 'user') return { row: await botAccess.first(db, { botId, userId: '' }) }
  const asked = { botId, userId: ctx.actor.userId }
  if (!withRow) return { row: await botAccess.first(db, asked) }
  const whole = await botAccessWithRow.first(db, asked)
  return { whole, row: whole }
}

/** @throws Forbidden when the role is not among those of the permission (or of its creator rule). */
function requireRole(permission: Permission, role: Role | 'system', own: boolean): void {
  if (roleAllows(permission, role, own)) return
  const rule: Rule = permissions[permission]
  throw new ApiError('Forbidden', `Your role "${role}" may not do this; it takes one of: ${rule.roles.join(', ')}.`, {
    permission,
    role,
    roles: rule.roles,
  })
}

/** Whether a role may, on its own or (with `own`) on what it created. */
export function roleAllows(permission: Permission, role: Role | 'system', own: boolean): boolean {
  const rule: Rule = permissions[permission]
  return role === 'system' || rule.roles.includes(role) || (own && (rule.ownRoles?.includes(role) ?? false))
}

/**
 * Asks a stricter rule for part of a procedure (`workspace.update#profile`).
 * @throws Forbidden as `authorize` does.
 */
export function requirePermission(ctx: WorkspaceContext | BotContext, permission: Permission): void {
  requireRole(
    permission,
    ctx.role,
    ctx.scope === 'bot' && ctx.actor.kind === 'user' && ctx.botCreatedBy === ctx.actor.userId,
  )
}

/** A context for jobs and the command line: the system may do everything, and the audit trail says it was the system. */
export function systemContext(app: Context['app'], name: string, request: RequestInfo): Context {
  return { app, actor: { kind: 'system', name }, request }
}
