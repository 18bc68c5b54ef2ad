import canonicalize from 'canonicalize'
import { sha256 } from '../../core/secrets.ts'
import { documentText, emptyDocument } from '../content/bot.document.ts'

/**
 * What a version holds of a bot: its definition document and code. Everything else stays as it is: name, tags, secrets, and
 * how it is run (`url`, `authentication`, `maxExecutionTime`, `alwaysAlive`).
 */
export interface BotContent {
  /** JSON of a `BotDocument`. */
  document: string
  code_blob: string | null
}

/**
 * SHA-256, hex, over the canonical JSON (RFC 8785) of the document and the code's hash: the same content has the same
 * hash, whatever the order of its keys.
 */
export function contentHash({ document, code_blob }: BotContent): string {
  return sha256(
    canonicalText({ document: JSON.parse(document) as unknown, code: code_blob }) ?? `${code_blob} ${document}`,
  )
}

/** Null for text with unpaired surrogates: a bot of before they were refused may hold it, and counts as it is stored. */
function canonicalText(content: object): string | null {
  try {
    return canonicalize(content) ?? null
  } catch {
    return null
  }
}

const nothing = contentHash({ document: documentText(emptyDocument()), code_blob: null })

/** Whether this is the content of a bot that was never given any. */
export function isEmptyContent(hash: string): boolean {
  return hash === nothing
}
