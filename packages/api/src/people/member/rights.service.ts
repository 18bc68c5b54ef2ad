import { boundWorkspace, ruleOf } from '../../core/access/access.ts'
import type { Visibility } from '../../core/access/resource.ts'
import { changesThePerson, keyAllows, roleAllows, roles } from '../../core/access/rule.ts'
import type { AppContext } from '../../core/app-context.ts'
import type { Actor, AnyoneContext, Db, WorkspaceContext } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import type { Permission, Role, Rule } from '../../core/access/rule.ts'
import { read } from '../../core/write/read.ts'
import { findMemberOfUser } from './member.queries.ts'
import { administersAccountOf, findAccountAdministrators, findHolders, findPeople } from './rights.queries.ts'
import type {
  DecidingRule,
  ExplainInput,
  ExplainOutput,
  ListPermissionsOutput,
  PermissionRule,
} from './rights.schema.ts'

/** Members named in an explanation, at most. */
const maxHolders = 100

/** The permissions of all areas, for machines. */
export async function listPermissions({ app }: AnyoneContext): Promise<ListPermissionsOutput> {
  const { keyScopes, permissions } = app.areas
  return {
    roles: [...roles],
    keyScopes: [...keyScopes],
    permissions: Object.keys(permissions).map((name) => toRule(app, name as Permission)),
  }
}

function toRule(app: AppContext, permission: Permission): PermissionRule {
  const rule = ruleOf(app, permission)
  return {
    permission,
    scope: rule.scope,
    roles: [...rule.roles],
    ownRoles: [...(rule.ownRoles ?? [])],
    key: rule.key,
    botKeys: rule.botKeys ?? false,
  }
}

interface Bot {
  id: string
  createdBy: string | null
  isRestricted: boolean
}

interface Case {
  permission: Permission
  rule: Rule
  bot: Bot | null
  userId: string | null
  role: Role | null
  /** The credential in use; null when asking about somebody else. */
  actor: Actor | null
}

interface Verdict {
  allowed: boolean
  decidedBy: DecidingRule
  reason: string
}

const yes = (decidedBy: DecidingRule, reason: string): Verdict => ({ allowed: true, decidedBy, reason })
const no = (decidedBy: DecidingRule, reason: string): Verdict => ({ allowed: false, decidedBy, reason })

/**
 * Why a person can or cannot do something do something in this workspace, and who may: the rules that `authorize` asks, in its
 * order, with names. Without `botId` an answer about bots leaves out who created one and its allowlist.
 * @throws InvalidQuery for a permission that does not exist; ResourceNotFound for a bot the caller cannot see.
 */
export async function explain(ctx: WorkspaceContext, input: ExplainInput): Promise<ExplainOutput> {
  const { app, workspaceId, actor } = ctx
  if (!Object.hasOwn(app.areas.permissions, input.permission))
    throw new ApiError('InvalidQuery', `There is no permission "${input.permission}".`, {
      permission: input.permission,
    })
  const permission = input.permission as Permission
  const own = actor.kind === 'user' ? actor.userId : null
  const userId = input.userId ?? own
  return read(ctx, async (db) => {
    const bot = input.botId === undefined ? null : await visibleBot(ctx, db, input.botId)
    const member = userId === null ? undefined : await findMemberOfUser.first(db, { workspaceId, userId })
    const asked: Case = {
      permission,
      rule: ruleOf(app, permission),
      bot,
      userId,
      role: member?.role ?? null,
      actor: input.userId === undefined || userId === own ? actor : null,
    }
    return {
      ...(await judge(ctx, db, asked)),
      subject: { userId, memberId: member?.id ?? null, role: asked.role },
      rule: toRule(app, permission),
      who: await holders(ctx, db, asked),
    }
  })
}

/** Who sees which bots. */
function visibilityOf({ areas }: AppContext): Visibility {
  const { visibility } = areas.resources.bot
  if (!visibility) throw new Error('Bots contribute no visibility.')
  return visibility
}

async function visibleBot(ctx: WorkspaceContext, db: Db, botId: string): Promise<Bot> {
  const { app, actor, role, workspaceId } = ctx
  const bot = await visibilityOf(app).find(db, { workspaceId, id: botId })
  const own = actor.kind === 'user' ? actor.userId : ''
  if (!bot || (role !== 'system' && !(await seesBot(app, db, { bot, role, userId: own })))) throw notFound('bot', botId)
  return bot
}

interface Viewer {
  bot: Bot
  role: Role
  userId: string
}

async function seesBot(app: AppContext, db: Db, { bot, role, userId }: Viewer): Promise<boolean> {
  if (!bot.isRestricted || role === 'administrator' || role === 'owner') return true
  return visibilityOf(app).isListed(db, { id: bot.id, userId })
}

async function judge(ctx: WorkspaceContext, db: Db, asked: Case): Promise<Verdict> {
  const { scope } = asked.rule
  if (scope === 'anyone') return yes('anyone', 'Everybody can, even without signing in.')
  if (asked.actor?.kind === 'system')
    return scope === 'self'
      ? no('system', 'Only a person can do this, not the system itself.')
      : yes('system', 'The system itself can do everything.')
  const refused = keyVerdict(asked)
  if (refused) return refused
  if (scope === 'any' || scope === 'self') return yes('signedIn', 'Everybody who is signed in can.')
  if (scope === 'account') return accountVerdict(ctx, db, asked)
  return roleVerdict(ctx.app, db, asked)
}

function keyVerdict({ actor, rule }: Case): Verdict | null {
  if (actor?.kind === 'bot' && !rule.botKeys) return no('botKey', 'A bot key cannot be used for the admin API.')
  if (actor?.kind !== 'user' || actor.credential.kind !== 'token') return null
  if (!keyAllows(actor.credential.scopes, rule))
    return no('keyScope', `The token in use lacks the scope "${rule.key}".`)
  if (boundWorkspace({ actor }) === null) return null
  if (rule.scope === 'account')
    return no('boundToken', 'The token in use is bound to one workspace and sees no account.')
  if (rule.scope === 'self' && changesThePerson(rule))
    return no('boundToken', 'The token in use is bound to one workspace and cannot change the person it belongs to.')
  return null
}

async function accountVerdict(ctx: WorkspaceContext, db: Db, { userId }: Case): Promise<Verdict> {
  const row = await administersAccountOf.first(db, { workspaceId: ctx.workspaceId, userId: userId ?? '' })
  return row
    ? yes('accountAdministrator', 'They administer the account that this workspace belongs to.')
    : no('accountAdministrator', 'This requires an administrator of the account that this workspace belongs to.')
}

async function roleVerdict(app: AppContext, db: Db, { rule, bot, userId, role }: Case): Promise<Verdict> {
  if (role === null || userId === null) return no('notAMember', 'They are not a member of this workspace.')
  if (rule.scope === 'bot' && bot && !(await seesBot(app, db, { bot, role, userId })))
    return no('allowlist', 'The bot is visible only to selected people, and they are not among them.')
  if (roleAllows(rule, role, false)) return yes('role', `The role "${role}" allows it.`)
  if (bot && bot.createdBy === userId && roleAllows(rule, role, true))
    return yes('creator', `The role "${role}" allows it on bots they created, and they created this one.`)
  const own = rule.ownRoles?.includes(role) ? ', or to have created the bot' : ''
  return no(
    'role',
    `The role "${role}" does not allow it. It requires one of these roles: ${rule.roles.join(', ')}${own}.`,
  )
}

async function holders(ctx: WorkspaceContext, db: Db, { rule, bot }: Case): Promise<ExplainOutput['who']> {
  const limit = maxHolders + 1
  const rows =
    rule.scope === 'account'
      ? await findAccountAdministrators(db, ctx.workspaceId, limit)
      : rule.scope === 'workspace' || rule.scope === 'bot'
        ? await findHolders(db, ctx.workspaceId, {
            roles: rule.roles,
            creator: bot?.createdBy ? { userId: bot.createdBy, roles: rule.ownRoles ?? [] } : null,
            onlyOf: rule.scope === 'bot' && bot?.isRestricted ? visibilityOf(ctx.app).listed(db, bot.id) : null,
            limit,
          })
        : await findPeople(db, ctx.workspaceId, limit)
  return {
    members: rows.slice(0, maxHolders).map((row) => ({
      id: row.id,
      userId: row.user_id,
      displayName: row.display_name,
      email: row.email,
      role: row.role,
    })),
    more: rows.length > maxHolders,
  }
}
