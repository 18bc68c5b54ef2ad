import type { BotContext } from '../content/bot.context.ts'
import { fromJson, toFlag, toJson } from '@steward/db'
import { authorize } from '../../core/access/access.ts'
import type { AuditAction } from '../../core/write/audit-actions.schema.ts'
import { withBlob } from '../../core/blob/blob-write.ts'
import { iso, notBefore } from '../../core/clock.ts'
import type { MainTx } from '../../core/context.ts'
import { read } from '../../core/write/read.ts'
import { moveGauge } from '../../core/write/lifecycle.ts'
import { write } from '../../core/write/write.ts'
import { recordDeployment } from '../version/version-deploy.service.ts'
import { replaceBotTags, saveSecrets } from '../content/bot-parts.queries.ts'
import { auditChange, ifOpen } from '../content/bot.audit.ts'
import { documentOf, documentText } from '../content/bot.document.ts'
import { patchDocument, patchSecrets, patchTags } from '../content/bot.patch.ts'
import type { BotRow } from '../content/bot.queries.ts'
import { secretNamesOf, toBot, updateBotRow } from '../content/bot.queries.ts'
import { checkInput, checkResult } from '../content/bot.rules.ts'
import type { UpdateBotInput, UpdateBotOutput } from '../content/bot.schema.ts'
import { aliveCount, requireBot, sealSecrets } from './bot.service.ts'

/**
 * Patches a bot (`bot.patch.ts` says how). Code is a deployment: it is stored by content, `deployedAt` moves, and the
 * new state is saved as a version in the same transaction.
 * @throws Forbidden for `blocked` and `alwaysAlive` below manager; ReferenceNotFound for what cannot be installed;
 *   InvalidIdentifier, InvalidJsonSchema, InvalidDataFormat, InvalidPayload, LimitExceeded.
 */
export async function updateBot(ctx: BotContext, input: UpdateBotInput): Promise<UpdateBotOutput> {
  await checkInput(input)
  const operates = input.blocked !== undefined || input.alwaysAlive !== undefined
  const operation = operates ? await authorize(ctx, 'bot.update#operation', { botId: ctx.botId }) : null
  const given = patchSecrets([], input.secrets)
  const sealed = sealSecrets(ctx, ctx.botId, given.set)
  const secretNames = given.set.map(([name]) => name)
  const patched = (row: BotRow, codeHash: string | null): BotRow =>
    patchRow(row, input, { now: iso(ctx.app.clock.now()), codeHash })
  // What is refused already now needs no code to be stored.
  if (input.code !== undefined) patched(await read(ctx, (db) => requireBot(db, ctx)), null)
  return withBlob(ctx, input.code ?? null, (code) =>
    write(ctx, actionOf(input), async (tx) => {
      await operation?.recheck(tx)
      const before = await requireBot(tx, ctx)
      const after = patched(before, code?.hash ?? null)
      await saveParts(tx, { before, after, input, sealed })
      const deployed = code ? await recordDeployment(tx, ctx, { bot: after, kind: 'update' }) : null
      if (deployed) after.current_version_id = deployed.versionId
      await updateBotRow(tx, after)
      moveGauge(tx, { type: 'always_alive', in: ctx, delta: aliveCount(after) - aliveCount(before) })
      return {
        answer: { bot: toBot(after, { multipleIntegrations: input.multipleIntegrations }) },
        changes: [{ type: 'bot', id: after.id }, ...(deployed?.changes ?? [])],
        audit: {
          type: 'bot',
          id: after.id,
          name: ifOpen(after, after.name),
          ...auditChange(before, after, secretNames),
        },
      }
    }),
  )
}

/** Fields of the input that say where, not what. */
const address = new Set(['workspaceId', 'id', 'multipleIntegrations'])

function actionOf(input: UpdateBotInput): AuditAction {
  if (input.code !== undefined) return 'DEPLOY_BOT'
  const touched = Object.entries(input).filter(([field, value]) => value !== undefined && !address.has(field))
  return touched.length === 1 && touched[0]?.[0] === 'configuration' ? 'UPDATE_BOT_CONFIG' : 'UPDATE_BOT'
}

/** The row after a patch, checked. Times never go back, whatever the clock does. */
function patchRow(row: BotRow, input: UpdateBotInput, at: { now: string; codeHash: string | null }): BotRow {
  const now = notBefore(at.now, row.updated_at)
  const document = patchDocument(documentOf(row), input, { now, multipleIntegrations: input.multipleIntegrations })
  const tags = patchTags(fromJson<Record<string, string>>(row.tags), input.tags)
  const secrets = patchSecrets(secretNamesOf(row), input.secrets).names
  checkResult(input, { document, tags, secrets })
  return {
    ...row,
    name: input.name ?? row.name,
    description: input.description ?? row.description,
    type: input.type ?? row.type,
    always_alive: input.alwaysAlive === undefined ? row.always_alive : toFlag(input.alwaysAlive),
    blocked: input.blocked === undefined ? row.blocked : toFlag(input.blocked),
    url: input.url === undefined ? row.url : input.url,
    authentication: input.authentication ?? row.authentication,
    max_execution_time: input.maxExecutionTime ?? row.max_execution_time,
    tags: toJson(tags),
    document: documentText(document),
    code_blob: at.codeHash ?? row.code_blob,
    updated_at: now,
    deployed_at: at.codeHash === null ? row.deployed_at : now,
    secret_names: secrets.length > 0 ? secrets.join(',') : null,
  }
}

interface Parts {
  before: BotRow
  after: BotRow
  input: UpdateBotInput
  sealed: readonly (readonly [name: string, sealed: string])[]
}

async function saveParts(tx: MainTx, { before, after, input, sealed }: Parts): Promise<void> {
  if (after.tags !== before.tags) await replaceBotTags(tx, after, fromJson<Record<string, string>>(after.tags))
  const { removed } = patchSecrets(secretNamesOf(before), input.secrets)
  await saveSecrets(tx, after.id, { sealed, removed })
}
