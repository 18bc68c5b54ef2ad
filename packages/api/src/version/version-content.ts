import canonicalize from 'canonicalize'
import { ApiError } from '../core/errors.ts'
import { sha256 } from '../core/secrets.ts'
import { documentText, emptyDocument } from '../bot/bot-state.service.ts'

/** What a version holds of a bot: its definition document and code. Its name, tags and secrets stay as they are. */
export interface BotContent {
  /** JSON of a `BotDocument`. */
  document: string
  code_hash: string | null
}

/**
 * SHA-256, hex, over the canonical JSON (RFC 8785) of the document and the code's hash: the same content has the same
 * hash, whatever the order of its keys.
 * @throws InvalidPayload for text with unpaired surrogates, which no hash reproduces.
 */
export function contentHash({ document, code_hash }: BotContent): string {
  let text: string | undefined
  try {
    text = canonicalize({ document: JSON.parse(document) as unknown, code: code_hash })
  } catch (cause) {
    throw new ApiError(
      'InvalidPayload',
      `The definition of the bot cannot be saved as a version: ${cause instanceof Error ? cause.message : 'it is no JSON'}.`,
    )
  }
  if (text === undefined) throw new Error('An object has a canonical form.')
  return sha256(text)
}

const nothing = contentHash({ document: documentText(emptyDocument()), code_hash: null })

/** Whether this is the content of a bot that was never given any. */
export function isEmptyContent(hash: string): boolean {
  return hash === nothing
}
