import { collecting } from '../../core/blob/collect.ts'
import { announce, moveGauge } from '../../core/write/lifecycle.ts'
import { countBots } from '../../people/workspace/workspace.service.ts'
import type { BotContext } from '../content/bot.context.ts'
import { authorize } from '../../core/access/access.ts'
import { iso, notBefore } from '../../core/clock.ts'
import type { Lane, WorkspaceContext } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import { write } from '../../core/write/write.ts'
import { codeHashesOf, deleteBotRow, moveBotRow } from '../content/bot-parts.queries.ts'
import { ifOpen } from '../content/bot.audit.ts'
import type { TransferBotInput } from '../content/bot.schema.ts'
import { aliveCount, requireBot } from './bot.service.ts'

/** Deletes a bot with its versions, keys and secrets; its code is collected once nothing else names it. */
export function deleteBot(ctx: BotContext): Promise<Record<string, never>> {
  return write(ctx, 'DELETE_BOT', async (tx) => {
    const row = await requireBot(tx, ctx)
    const hashes = await codeHashesOf(tx, row)
    const { workspaceId } = ctx
    await announce({ app: ctx.app, tx }, 'botDeleted', { workspaceId, botId: row.id })
    await deleteBotRow(tx, workspaceId, row.id)
    if (row.dev === 0) await countBots(tx, workspaceId, -1)
    moveGauge(tx, { type: 'always_alive', in: ctx, delta: -aliveCount(row) })
    return {
      answer: {},
      changes: [{ type: 'bot', id: row.id, deleted: true }],
      audit: {
        type: 'bot',
        id: row.id,
        name: ifOpen(row, row.name),
        before: { name: ifOpen(row, row.name), dev: row.dev === 1 },
      },
      outbox: collecting(hashes),
    }
  })
}

/**
 * Moves a bot into another workspace, keys, secrets and versions with it. There it is open to every member; of the
 * people it was open to, those who are members there stay listed.
 * @throws InvalidPayload for the workspace it is in; ReferenceNotFound for one that the caller cannot see; Forbidden
 *   without the right to create bots there; QuotaExceeded.
 */
export async function transferBot(ctx: BotContext, input: TransferBotInput): Promise<Record<string, never>> {
  const { workspaceId: source, botId } = ctx
  if (input.targetWorkspaceId === source)
    throw new ApiError('InvalidPayload', 'The bot is already in this workspace.', { targetWorkspaceId: source })
  const target = await creatorIn(ctx, input.targetWorkspaceId)
  const lanes: Lane[] = [ctx.lane, target.lane]
  return write(ctx, { action: 'TRANSFER_BOT', lanes }, async (tx) => {
    await target.recheck(tx)
    const row = await requireBot(tx, ctx)
    const now = iso(ctx.app.clock.now())
    await moveBotRow(tx, source, {
      botId,
      workspaceId: target.workspaceId,
      now: notBefore(now, row.updated_at),
    })
    const moved = { botId, fromWorkspaceId: source, toWorkspaceId: target.workspaceId }
    await announce({ app: ctx.app, tx }, 'botTransferred', moved)
    if (row.dev === 0) {
      await countBots(tx, source, -1)
      await countBots(tx, target.workspaceId, 1)
    }
    moveGauge(tx, { type: 'always_alive', in: ctx, delta: -aliveCount(row) })
    moveGauge(tx, { type: 'always_alive', in: target, delta: aliveCount(row) })
    return {
      answer: {},
      changes: [
        { type: 'bot', id: botId, deleted: true, lane: source },
        { type: 'bot', id: botId, lane: target.workspaceId },
      ],
      audit: {
        type: 'bot',
        id: botId,
        name: ifOpen(row, row.name),
        before: { workspaceId: source, setting: row.access },
        after: { workspaceId: target.workspaceId, setting: 'ALL_WORKSPACE_USERS' },
      },
    }
  })
}

/** The right to create bots in the target. A workspace named in a body that is not there is a bad reference. */
async function creatorIn(ctx: BotContext, workspaceId: string): Promise<WorkspaceContext> {
  try {
    return await authorize(ctx, 'bot.create', { workspaceId })
  } catch (cause) {
    if (cause instanceof ApiError && cause.type === 'ResourceNotFound')
      throw new ApiError('ReferenceNotFound', `No workspace with the id "${workspaceId}" is visible to you.`, {
        resource: 'workspace',
        id: workspaceId,
      })
    throw cause
  }
}
