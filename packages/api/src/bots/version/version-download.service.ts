import type { BotContext } from '../content/bot.context.ts'
import type { OpenBlob } from '../../core/blob/blob.ts'
import { breathe, decodePieces } from '../../core/blob/blob-bytes.ts'
import { minute } from '../../core/clock.ts'
import type { Context } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import type { AppContext } from '../../core/app-context.ts'
import { linkForCaller } from '../../core/links.ts'
import { read } from '../../core/write/read.ts'
import { write } from '../../core/write/write.ts'
import { ifOpen } from '../content/bot.audit.ts'
import { documentOf } from '../content/bot.document.ts'
import { findBot } from '../content/bot.queries.ts'
import type { VersionRow } from './version.queries.ts'
import { findLinkedVersion, findVersion, toVersionDetails } from './version.queries.ts'
import type { GetBotVersionInput, GetBotVersionOutput } from './version.schema.ts'

/** Milliseconds that a download link works. */
export const linkLifetime = 15 * minute

/** Where the HTTP endpoint serves archives. */
export const downloadPath = '/downloads/versions/'

function signedText(versionId: string, expires: string): string {
  return `version-download\n${versionId}\n${expires}`
}

/**
 * A link to the version's archive that works without a token for 15 minutes (contract: getBotVersion).
 * @throws ResourceNotFound for a version that is not one of the bot's.
 */
export async function getVersionLink(ctx: BotContext, input: GetBotVersionInput): Promise<GetBotVersionOutput> {
  const { app, botId } = ctx
  const expires = String(app.clock.now() + linkLifetime)
  const query = new URLSearchParams({ expires, signature: app.keys.mac(signedText(input.versionId, expires)) })
  const url = linkForCaller(ctx, `${downloadPath}${encodeURIComponent(input.versionId)}?${query.toString()}`)
  return write(ctx, 'DOWNLOAD_BOT_ARCHIVE', async (tx) => {
    const bot = await findBot(tx, ctx.workspaceId, botId)
    const version = await findVersion(tx, botId, input.versionId)
    if (!bot || !version) throw notFound('version', input.versionId)
    return {
      answer: { url },
      changes: [],
      audit: { type: 'version', id: version.id, name: ifOpen(bot, version.name), after: { botId } },
    }
  })
}

export interface VersionDownload {
  filename: string
  /**
   * JSON in UTF-8: `{ format, formatVersion, version, bot, code }`; `code` is null for a version without code. Made as
   * it is read; it fails before its end when the code is damaged.
   */
  body: ReadableStream<Uint8Array>
  /** Bytes, about. */
  size: number
}

/**
 * The archive behind a link of `getVersionLink`. `{ ...archive.bot, code: archive.code }` can be published again.
 * @throws Forbidden for a link that was not signed here; ResourceGone for one that is too old; ResourceNotFound when
 *   the version is no more.
 */
export async function readVersionDownload(app: AppContext, url: URL): Promise<VersionDownload> {
  const versionId = linkedVersion(app, url)
  const ctx: Context = {
    app,
    actor: { kind: 'anonymous' },
    request: { id: 'download', ip: null, userAgent: null, idempotencyKey: null },
  }
  const version = await read(ctx, (db) => findLinkedVersion(db, versionId))
  if (!version) throw notFound('version', versionId)
  const code = version.code_blob === null ? null : await app.blobs.open(version.code_blob)
  if (version.code_blob !== null && !code) throw new Error(`The code of the version ${version.id} is missing.`)
  return {
    filename: `${fileName(version.bot_name)}-${fileName(version.name)}.json`,
    body: ReadableStream.from(archive(version, code)),
    size: version.document.length + (code?.size ?? 0),
  }
}

function linkedVersion(app: AppContext, url: URL): string {
  const versionId = decodedSegment(url.pathname)
  const expires = url.searchParams.get('expires') ?? ''
  if (!app.keys.macMatches(signedText(versionId, expires), url.searchParams.get('signature') ?? ''))
    throw new ApiError('Forbidden', 'This link is not valid: its signature does not match.')
  if (Number(expires) <= app.clock.now())
    throw new ApiError('ResourceGone', 'This link has expired. Request a new one.', { expired: Number(expires) })
  return versionId
}

function decodedSegment(pathname: string): string {
  try {
    return decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1))
  } catch {
    return ''
  }
}

function fileName(name: string): string {
  return (
    name
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replaceAll(/^[-.]+|[-.]+$/g, '')
      .slice(0, 60) || 'unnamed'
  )
}

async function* archive(version: VersionRow, code: OpenBlob | null): AsyncGenerator<Uint8Array> {
  const told = toVersionDetails(version, { codeSize: code?.size ?? null, beforeId: null, current: false })
  // What others are beside it changes; the archive does not.
  const { current: _current, beforeId: _beforeId, ...about } = told
  const head = { format: 'steward.bot-archive', formatVersion: 1, version: about, bot: documentOf(version) }
  yield Buffer.from(`${JSON.stringify(head).slice(0, -1)},"code":${code ? '"' : 'null'}`)
  if (code)
    for await (const text of decodePieces(code.slices())) {
      if (text !== '') yield Buffer.from(JSON.stringify(text).slice(1, -1))
      await breathe()
    }
  yield Buffer.from(code ? '"}\n' : '}\n')
}
