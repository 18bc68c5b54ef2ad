import type { Ids } from '../../core/id.ts'

/** What a bot's secret is sealed for: it cannot be moved to another bot or name. */
export function secretPurpose(botId: string, name: string): string {
  return `bot.secret:${botId}:${name}`
}

/** What a bot's signing secrets are sealed for. */
export function signingPurpose(botId: string): string {
  return `bot.signing:${botId}`
}

/** A new signing secret: 32 random bytes in base64url, the form whose HMACs runtimes verify (reference 1.9). */
export function mintSigningSecret(ids: Ids): string {
  return ids.bytes(32).toString('base64url')
}
