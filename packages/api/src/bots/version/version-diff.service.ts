import type { BotContext } from '../content/bot.context.ts'
import { notFound } from '../../core/errors.ts'
import { read } from '../../core/write/read.ts'
import { documentOf } from '../content/bot.document.ts'
import { diffJson } from './json-diff.ts'
import { countLineChanges } from './line-diff.ts'
import type { VersionRow } from './version.queries.ts'
import { findVersion } from './version.queries.ts'
import type { DiffVersionsInput, DiffVersionsOutput } from './version.schema.ts'

/**
 * What tells one version of the bot from another: the definition by its structure, the code by counting its lines.
 * @throws ResourceNotFound for a version that is not one of the bot's.
 */
export async function diffVersions(ctx: BotContext, input: DiffVersionsInput): Promise<DiffVersionsOutput> {
  const [from, to] = await read(ctx, (db) =>
    Promise.all([findVersion(db, ctx.botId, input.from), findVersion(db, ctx.botId, input.to)]),
  )
  if (!from) throw notFound('version', input.from)
  if (!to) throw notFound('version', input.to)
  return { ...diffJson(documentOf(from), documentOf(to)), code: await diffCode(ctx, from, to) }
}

async function diffCode(ctx: BotContext, from: VersionRow, to: VersionRow): Promise<DiffVersionsOutput['code']> {
  const before = await codeOf(ctx, from)
  const after = from.code_blob === to.code_blob ? before : await codeOf(ctx, to)
  const changed = from.code_blob !== to.code_blob
  const none = new Uint8Array()
  return {
    changed,
    before: before && { hash: before.hash, size: before.bytes.length },
    after: after && { hash: after.hash, size: after.bytes.length },
    lines: changed ? await countLineChanges(before?.bytes ?? none, after?.bytes ?? none) : null,
  }
}

async function codeOf(ctx: BotContext, version: VersionRow): Promise<{ hash: string; bytes: Uint8Array } | null> {
  const hash = version.code_blob
  if (hash === null) return null
  const bytes = await ctx.app.blobs.get(hash)
  if (!bytes) throw new Error(`The code ${hash} of the version ${version.id} is missing.`)
  return { hash, bytes }
}
