import type { SealedColumn } from '../../core/sealed.ts'
import type { Keys } from '../../core/secrets.ts'

/** What the sign-in library signs cookies and seals second-factor secrets with. */
export function librarySecret(keys: Pick<Keys, 'mac'>): string {
  return keys.mac('steward: sign-in library')
}

/** The number that the library writes before what it seals with this secret. */
export const librarySecretVersion = 1

function libraryKey(keys: Keys) {
  return { keys: new Map([[librarySecretVersion, librarySecret(keys)]]), currentVersion: librarySecretVersion }
}

/** What authenticators share with us: sealed by the sign-in library, which is loaded when it is needed. */
export const sealedFactors: SealedColumn = {
  table: 'two_factor',
  column: 'secret',
  key: ['id'],
  what: 'second factors',
  async anew({ secret = '' }, { former, next }) {
    const { symmetricDecrypt, symmetricEncrypt } = await import('better-auth/crypto')
    const data = await symmetricDecrypt({ key: libraryKey(former), data: secret })
    return symmetricEncrypt({ key: libraryKey(next), data })
  },
}
