import type { Ids } from '../../core/id.ts'
import { sealedColumn } from '../../core/sealed.ts'
import type { Purpose } from '../../core/secrets.ts'

export const sealedSecrets = sealedColumn({
  table: 'bot_secret',
  column: 'sealed',
  key: ['bot_id', 'name'],
  what: 'bot secrets',
  purpose: ({ bot_id: id, name }) => `bot.secret:${id}:${name}`,
})

export const sealedSigningSecrets = sealedColumn({
  table: 'bot_signing_secret',
  column: 'sealed',
  key: ['bot_id', 'id'],
  what: 'bot signing secrets',
  purpose: ({ bot_id: id }) => `bot.signing:${id}`,
})

/** What a bot's secret is sealed for: it cannot be moved to another bot or name. */
export function secretPurpose(botId: string, name: string): Purpose {
  return sealedSecrets.purpose({ bot_id: botId, name })
}

/** What a bot's signing secrets are sealed for. */
export function signingPurpose(botId: string): Purpose {
  return sealedSigningSecrets.purpose({ bot_id: botId, id: '' })
}

/** A new signing secret: 32 random bytes in base64url, the form whose HMACs runtimes verify (reference 1.9). */
export function mintSigningSecret(ids: Ids): string {
  return ids.bytes(32).toString('base64url')
}
