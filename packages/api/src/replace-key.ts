import { sealedSecrets, sealedSigningSecrets } from './bots/bot/bot.secrets.ts'
import type { AppContext } from './core/app-context.ts'
import { sealedMails } from './core/mail/mail.ts'
import type { SealedAnew, SealedColumn } from './core/sealed.ts'
import { sealedAnswers } from './core/write/idempotency.ts'
import type { KeyReplacement, ReplaceKeyOptions, TryKeyOptions } from './people/lifecycle/new-key.service.ts'
import * as newKey from './people/lifecycle/new-key.service.ts'
import { sealedFactors } from './people/sign-in/sealed-factors.ts'

/** All that is sealed with the installation's key: each concept adds its own. A test looks whether one is missing. */
export const sealedColumns: readonly SealedColumn[] = [
  sealedSecrets,
  sealedSigningSecrets,
  sealedFactors,
  sealedMails,
  sealedAnswers,
]

/** See the service. @param secret the next key: at least 32 random bytes. */
export function replaceKey(
  app: AppContext,
  secret: Uint8Array,
  options: ReplaceKeyOptions = {},
): Promise<KeyReplacement> {
  return newKey.replaceKey(app, { secret, columns: sealedColumns }, options)
}

/** See the service. */
export function tryReplaceKey(app: AppContext, options: TryKeyOptions = {}): Promise<SealedAnew[]> {
  return newKey.tryReplaceKey(app, sealedColumns, options)
}
