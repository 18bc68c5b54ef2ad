import { setBotAccess } from '../content/bot.queries.ts'
import type { BotContext } from '../content/bot.context.ts'
import { day, iso, notBefore } from '../../core/clock.ts'
import type { MainTx } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import { read } from '../../core/write/read.ts'
import { mintToken, sha256 } from '../../core/secrets.ts'
import type { ApiKeyWithValue } from '../../core/shapes.schema.ts'
import { moveGauge } from '../../core/write/lifecycle.ts'
import { write } from '../../core/write/write.ts'
import {
  botKeyRows,
  deleteBotKeyRow,
  findBotAccess,
  insertBotKey,
  isMember,
  listedPeople,
  setListed,
  toBotKey,
} from './bot-access.queries.ts'
import { insertSigningSecret, retireSigningSecrets } from '../content/bot-parts.queries.ts'
import { ifOpen, isOpen } from '../content/bot.audit.ts'
import type {
  BotAllowlist,
  CreateBotApiKeyInput,
  DeleteBotApiKeyInput,
  ListBotApiKeysOutput,
  RotateBotSigningSecretsOutput,
  UpdateBotAllowlistInput,
} from '../content/bot.schema.ts'
import { mintSigningSecret, signingPurpose } from '../bot/bot.secrets.ts'

/** Keys that a bot may have. */
export const maxBotKeys = 500
/** People that one call may add to or take off an allowlist. */
export const maxAllowlistChanges = 1000
/** Runtimes are sent a signature of each valid secret, and accept five at most (reference 1.9). */
const maxSigningSecrets = 5

/** The bot's keys without their values, newest first (contract: listBotApiKeys). */
export async function listBotKeys(ctx: BotContext): Promise<ListBotApiKeysOutput> {
  return { baks: (await read(ctx, (db) => botKeyRows(db, ctx.botId))).map(toBotKey) }
}

/**
 * Makes a key of the bot; only this answer shows its value (contract: createBotApiKey).
 * @throws LimitExceeded when the bot has `maxBotKeys`.
 */
export async function createBotKey(ctx: BotContext, input: CreateBotApiKeyInput): Promise<ApiKeyWithValue> {
  const { app, botId } = ctx
  const id = app.ids.make('botKey')
  const value = mintToken(app.ids, 'bp_bak_')
  const note = input.note ?? ''
  return write(ctx, 'UPDATE_BOT', async (tx) => {
    if ((await botKeyRows(tx, botId)).length >= maxBotKeys)
      throw new ApiError('LimitExceeded', `This bot already has ${maxBotKeys} keys, the maximum. Delete one first.`, {
        limit: 'botKeys',
        most: maxBotKeys,
      })
    const created_at = iso(app.clock.now())
    await insertBotKey(tx, {
      id,
      bot_id: botId,
      note,
      hash: sha256(value),
      created_by: actingUser(ctx),
      created_at,
      expires_at: null,
      last_used_at: null,
    })
    moveGauge(tx, { type: 'api_key_count', in: ctx, botId, delta: 1 })
    const told = await toldOf(tx, ctx, note)
    return {
      answer: { ...toBotKey({ id, note, created_at }), value },
      changes: [{ type: 'botKey', id }],
      audit: { type: 'botKey', id, name: told.note ?? null, after: { botId, ...told } },
    }
  })
}

/**
 * Revokes a key at once (contract: deleteBotApiKey).
 * @throws ResourceNotFound when the bot has no such key.
 */
export async function deleteBotKey(ctx: BotContext, input: DeleteBotApiKeyInput): Promise<Record<string, never>> {
  const { id } = input
  return write(ctx, 'UPDATE_BOT', async (tx) => {
    const deleted = await deleteBotKeyRow(tx, ctx.botId, id)
    if (!deleted) throw notFound('key', id)
    moveGauge(tx, { type: 'api_key_count', in: ctx, botId: ctx.botId, delta: -1 })
    const told = await toldOf(tx, ctx, deleted.note)
    return {
      answer: {},
      changes: [{ type: 'botKey', id, deleted: true }],
      audit: { type: 'botKey', id, name: told.note ?? null, before: { botId: ctx.botId, ...told } },
    }
  })
}

/** What the trail may say of a key: nothing that was written about a bot which its readers may not see. */
async function toldOf(tx: MainTx, ctx: BotContext, note: string): Promise<{ note?: string }> {
  const bot = await findBotAccess(tx, ctx.workspaceId, ctx.botId)
  return bot && isOpen(bot) ? { note } : {}
}

/** Who can see the bot (contract: getBotAllowlist). */
export async function getBotAllowlist(ctx: BotContext): Promise<BotAllowlist> {
  const { bot, people } = await read(ctx, async (db) => ({
    bot: await findBotAccess(db, ctx.workspaceId, ctx.botId),
    people: await listedPeople(db, ctx.workspaceId, ctx.botId),
  }))
  if (!bot) throw notFound('bot', ctx.botId)
  return { setting: bot.access, users: people.map((id) => ({ id })) }
}

/**
 * Changes who may see the bot: `users` maps a person's id to true (add) or false (take off) (contract:
 * updateBotAllowlist).
 * @throws ReferenceNotFound for a person to be added who is not a member of the workspace; LimitExceeded for more than
 *   `maxAllowlistChanges` people.
 */
export async function updateBotAllowlist(
  ctx: BotContext,
  input: UpdateBotAllowlistInput,
): Promise<Record<string, never>> {
  const { workspaceId, botId } = ctx
  const people = Object.entries(input.users ?? {})
  if (people.length > maxAllowlistChanges)
    throw new ApiError('LimitExceeded', `One call can change at most ${maxAllowlistChanges} people.`, {
      limit: 'allowlistChanges',
      most: maxAllowlistChanges,
    })
  return write(ctx, 'UPDATE_BOT', async (tx) => {
    const bot = await findBotAccess(tx, workspaceId, botId)
    if (!bot) throw notFound('bot', botId)
    const added: string[] = []
    const removed: string[] = []
    for (const [userId, listed] of people) {
      if (listed && !(await isMember(tx, workspaceId, userId)))
        throw new ApiError('ReferenceNotFound', `No member of the workspace has the user id "${userId}".`, { userId })
      if (await setListed(tx, botId, { userId, listed })) (listed ? added : removed).push(userId)
    }
    const access = input.setting ?? bot.access
    const now = iso(ctx.app.clock.now())
    await setBotAccess(tx, workspaceId, { botId, access, now: notBefore(now, bot.updated_at) })
    return {
      answer: {},
      changes: [{ type: 'bot', id: botId }],
      audit: {
        type: 'bot',
        id: botId,
        // Whoever reads the trail knows the name of a bot that was open until now.
        name: isOpen(bot) ? bot.name : ifOpen({ access }, bot.name),
        before: { setting: bot.access },
        after: { setting: access, added, removed },
      },
    }
  })
}

/**
 * Gives the bot a new signing secret, shown in this answer only; the one before it stays good for 24 hours, so that
 * runtimes can be told (contract: rotateBotSigningSecrets).
 */
export async function rotateBotSigningSecrets(ctx: BotContext): Promise<RotateBotSigningSecretsOutput> {
  const { app, botId, workspaceId } = ctx
  const id = app.ids.make('signingSecret')
  const newSigningSecret = mintSigningSecret(app.ids)
  const sealed = app.keys.seal(newSigningSecret, signingPurpose(botId))
  return write(ctx, 'UPDATE_BOT', async (tx) => {
    const bot = await findBotAccess(tx, workspaceId, botId)
    if (!bot) throw notFound('bot', botId)
    const time = app.clock.now()
    const now = iso(time)
    await retireSigningSecrets(tx, botId, { now, until: iso(time + day), keep: maxSigningSecrets - 1 })
    await insertSigningSecret(tx, { id, bot_id: botId, sealed, created_at: now, expires_at: null })
    return {
      answer: { newSigningSecret },
      changes: [{ type: 'bot', id: botId }],
      audit: {
        type: 'bot',
        id: botId,
        name: ifOpen(bot, bot.name),
        value: 'signing secret',
        after: { signingSecretId: id },
      },
    }
  })
}
