import type { BotContext } from '../content/bot.context.ts'
import { iso, notBefore } from '../../core/clock.ts'
import type { Context, MainTx } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import type { Change, Written } from '../../core/write/write.ts'
import { write } from '../../core/write/write.ts'
import type { BotRow } from '../content/bot.queries.ts'
import { ifOpen, isOpen } from '../content/bot.audit.ts'
import { findBot, updateBotRow } from '../content/bot.queries.ts'
import type { VersionRow } from './version.queries.ts'
import {
  botOfVersion,
  findContent,
  findVersion,
  insertDeployment,
  lastDeployment,
  lastDeploymentTime,
  toDeployment,
} from './version.queries.ts'
import type {
  DeployBotVersionInput,
  DeployBotVersionOutput,
  DeploymentKind,
  RollbackInput,
  RollbackOutput,
} from './version.schema.ts'
import { contentHash } from './version-content.ts'
import { previousVersion } from './version-history.queries.ts'
import type { VersionedBot } from './version-save.ts'
import { ensureVersion, keepContent } from './version-save.ts'

/**
 * Makes a saved version the bot (contract: deployBotVersion): overwrites its definition and code, after saving what
 * they were if no version holds it.
 * @throws ReferenceNotFound for an unknown version; RelationConflict for a version of another bot, and when
 *   `expectedCurrentVersionId` is not the current version (`metadata.deployment` says who deployed what, and when).
 */
export async function deployVersion(ctx: BotContext, input: DeployBotVersionInput): Promise<DeployBotVersionOutput> {
  return write(ctx, 'DEPLOY_BOT', async (tx) => {
    const bot = await presentBot(tx, ctx, input.expectedCurrentVersionId)
    const version = await versionToDeploy(tx, ctx, input.versionId)
    return { ...(await activate(tx, ctx, { bot, version, kind: 'deploy', note: input.note })), answer: {} }
  })
}

/**
 * Deploys the version that was current before the last deployment, in one step; done again, it comes back.
 * @throws RelationConflict when nothing was current before, and as `deployVersion` does.
 */
export async function rollback(ctx: BotContext, input: RollbackInput): Promise<RollbackOutput> {
  return write(ctx, 'DEPLOY_BOT', async (tx) => {
    const bot = await presentBot(tx, ctx, input.expectedCurrentVersionId)
    const before = await previousVersion(tx, ctx.botId, bot.current_version_id)
    const version = before && (await findVersion(tx, ctx.botId, before.id))
    if (!version)
      throw new ApiError('RelationConflict', 'There is nothing to roll back to: no version was deployed before.', {
        botId: ctx.botId,
      })
    const written = await activate(tx, ctx, { bot, version, kind: 'rollback', note: input.note })
    return { ...written, answer: { versionId: version.id } }
  })
}

async function presentBot(tx: MainTx, ctx: BotContext, expected: string | null | undefined): Promise<BotRow> {
  const bot = await findBot(tx, ctx.workspaceId, ctx.botId)
  if (!bot) throw notFound('bot', ctx.botId)
  if (expected === undefined || expected === bot.current_version_id) return bot
  const last = await lastDeployment(tx, ctx.botId)
  throw new ApiError('RelationConflict', 'Another version was deployed in the meantime.', {
    expectedVersionId: expected,
    currentVersionId: bot.current_version_id,
    deployment: last ? toDeployment(last) : null,
  })
}

async function versionToDeploy(tx: MainTx, ctx: BotContext, versionId: string): Promise<VersionRow> {
  const version = await findVersion(tx, ctx.botId, versionId)
  if (version) return version
  const otherBot = await botOfVersion(tx, ctx.workspaceId, versionId)
  throw otherBot
    ? new ApiError('RelationConflict', `The version "${versionId}" belongs to another bot.`, { versionId })
    : new ApiError('ReferenceNotFound', `There is no version with the id "${versionId}".`, { versionId })
}

interface Forcing {
  bot: BotRow
  version: VersionRow
  kind: DeploymentKind
  note: string | undefined
}

async function activate(
  tx: MainTx,
  ctx: BotContext,
  { bot, version, kind, note = '' }: Forcing,
): Promise<Omit<Written<never>, 'answer'>> {
  const now = notBefore(iso(ctx.app.clock.now()), bot.updated_at)
  const before = await keepContent(tx, ctx, { bot, name: `Before ${version.name}` })
  await updateBotRow(tx, {
    ...bot,
    document: version.document,
    code_blob: version.code_blob,
    current_version_id: version.id,
    deployed_at: now,
    updated_at: now,
  })
  await record(tx, ctx, { botId: bot.id, versionId: version.id, previousId: before?.id ?? null, kind, note })
  const changes: Change[] = [{ type: 'bot', id: bot.id }]
  if (before?.isNew) changes.push({ type: 'version', id: before.id })
  return {
    changes,
    audit: {
      type: 'bot',
      id: bot.id,
      name: ifOpen(bot, bot.name),
      value: ifOpen(bot, version.name),
      before: { currentVersionId: bot.current_version_id },
      after: {
        currentVersionId: version.id,
        kind,
        ...(isOpen(bot) && { note }),
        ...(before?.isNew ? { savedVersionId: before.id } : {}),
      },
    },
  }
}

interface Recorded {
  botId: string
  versionId: string
  previousId: string | null
  kind: DeploymentKind
  note: string
}

async function record(tx: MainTx, ctx: Context, deployed: Recorded): Promise<void> {
  await insertDeployment(tx, {
    id: ctx.app.ids.make('deployment'),
    bot_id: deployed.botId,
    version_id: deployed.versionId,
    previous_version_id: deployed.previousId,
    kind: deployed.kind,
    note: deployed.note,
    deployed_by: actingUser(ctx),
    at: notBefore(iso(ctx.app.clock.now()), await lastDeploymentTime(tx, deployed.botId)),
  })
}

export interface DeploymentRecord {
  /** Belongs into `current_version_id`. */
  versionId: string
  /** The versions that were saved, for the changes of the write. */
  changes: Change[]
}

/**
 * For writes that make content current themselves (an update with code, publishing a document): saves the new content
 * as a version unless one holds it, likewise what the bot's row still holds, and records the deployment. Call it after
 * the bot was inserted, but before its row is overwritten.
 * @param deployed.bot the row as it will be, with `current_version_id` as it was.
 */
export async function recordDeployment(
  tx: MainTx,
  ctx: Context,
  deployed: { bot: VersionedBot; kind: DeploymentKind; note?: string | undefined },
): Promise<DeploymentRecord> {
  const { bot, kind, note = '' } = deployed
  const name = `${kind === 'publish' ? 'Published' : 'Deployed'} ${iso(ctx.app.clock.now())}`
  const before = await findContent(tx, bot.id)
  const hash = contentHash(bot)
  const hashBefore = before ? contentHash(before) : hash
  const differs = before !== undefined && hashBefore !== hash
  const kept = differs ? await keepContent(tx, ctx, { bot: before, name: `Before ${name}`, hash: hashBefore }) : null
  const saved = await ensureVersion(tx, ctx, { bot, as: { name, note }, hash })
  const previousId = differs ? (kept?.id ?? null) : bot.current_version_id
  await record(tx, ctx, { botId: bot.id, versionId: saved.id, previousId, kind, note })
  const changes: Change[] = []
  for (const version of [kept, saved]) if (version?.isNew) changes.push({ type: 'version', id: version.id })
  return { versionId: saved.id, changes }
}
