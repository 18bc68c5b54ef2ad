import { beginContext, boundElsewhere, requireNamed, requireRole } from '../../core/access/access.ts'
import type { Fields, Resource, Target } from '../../core/access/resource.ts'
import { textOf } from '../../core/access/resource.ts'
import type { Context, Db } from '../../core/context.ts'
import { notFound } from '../../core/errors.ts'
import { requireSecondFactor } from '../../people/identity/second-factor.service.ts'
import type { BotContext, WholeBot } from './bot.context.ts'
import { botAccess, botAccessWithRow, botOfKeyId, isListed, listedUsers, visibleBot } from './bot-rights.queries.ts'

const workspaceOf = (input: Fields): Target => ({ workspaceId: textOf(input, 'workspaceId') })

/** The bot is named by one of its keys, in the field `id`. */
export const botOfKey = (input: Fields): Target => ({ ...workspaceOf(input), botKeyId: textOf(input, 'id') })

/** The bot is named in the field `id`, and read with the rights on it. */
export const wholeBot = (input: Fields): Target => ({
  ...workspaceOf(input),
  botId: textOf(input, 'id'),
  withRow: true,
})

/** A bot, to members of its workspace; where only selected people see it, to these and to those who administer it. */
export const botResource: Resource<BotContext> = {
  targetOf: (input, at = 'id') => ({ ...workspaceOf(input), botId: textOf(input, at) }),
  isNamed: ({ botId, botKeyId }) => Boolean(botId ?? botKeyId),
  async mint(ctx, db, question) {
    const { target } = question
    const keyId = target.botKeyId
    const botId = keyId ? (await botOfKeyId.first(db, { keyId }))?.bot_id : requireNamed(target.botId, 'id')
    const unseen = () => notFound(keyId ? 'key' : 'bot', keyId ?? botId ?? '')
    if (!botId) throw unseen()
    const { whole, row } = await askForBot(ctx, db, { botId, withRow: target.withRow })
    const role = ctx.actor.kind === 'system' ? 'system' : (row?.role ?? null)
    if (!row || !role || boundElsewhere(ctx, row.workspace_id)) throw unseen()
    if (target.workspaceId && target.workspaceId !== row.workspace_id) throw unseen()
    const seesAll = role === 'administrator' || role === 'owner' || role === 'system'
    if (row.access === 'SELECTED_USERS' && !row.listed && !seesAll) throw unseen()
    if (row.second_factor_required === 1) await requireSecondFactor(ctx, db, 'workspace')
    requireRole(question, role, ctx.actor.kind === 'user' && row.created_by === ctx.actor.userId)
    return {
      ...beginContext(ctx, question.permission, { kind: 'workspace', id: row.workspace_id }),
      scope: 'bot',
      workspaceId: row.workspace_id,
      role,
      memberId: row.member_id,
      botId,
      createdBy: row.created_by,
      botRow: whole,
    }
  },
  async exists(db, { botId, botKeyId }) {
    if (botKeyId) return (await botOfKeyId.first(db, { keyId: botKeyId })) !== undefined
    return !botId || (await botAccess.first(db, { botId, userId: '' })) !== undefined
  },
  workspaceOf: async (db, botId) => (await botAccess.first(db, { botId, userId: '' }))?.workspace_id,
  visibility: {
    async find(db, { workspaceId, id }) {
      const row = await visibleBot.first(db, { workspaceId, botId: id })
      return row && { id: row.id, createdBy: row.created_by, isRestricted: row.access === 'SELECTED_USERS' }
    },
    isListed: async (db, { id, userId }) => (await isListed.first(db, { botId: id, userId })) !== undefined,
    listed: listedUsers,
  },
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
