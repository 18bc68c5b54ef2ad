import { toEmailAddress } from '../../core/email.schema.ts'
import type { AppContext } from '../../core/app-context.ts'
import { noAddress } from './oauth-sign-up-adapter.ts'
import { profileOf } from './provider-profile.ts'
import type { OidcProvider } from './provider.schema.ts'
import { oidcProvider } from './provider.schema.ts'

/** A provider as the sign-in library wants it. */
export function providerConfig(app: Pick<AppContext, 'log'>, given: OidcProvider) {
  const provider = oidcProvider.parse(given)
  return {
    providerId: provider.id,
    name: provider.name,
    discoveryUrl: provider.discoveryUrl,
    // With headers of its own the library follows no redirect to another place.
    discoveryHeaders: { accept: 'application/json' },
    getUserInfo: (tokens: Parameters<typeof profileOf>[2]) => profileOf(app, provider, tokens),
    requireIdTokenVerification: true,
    clientId: provider.clientId,
    ...(provider.clientSecret && { clientSecret: provider.clientSecret }),
    scopes: provider.scopes,
    mapProfileToUser: (profile: Record<string, unknown>) => addressOf(profile, provider.trustsEmail),
  }
}

/** What the provider says of the address, which must keep our rule before the library makes it small letters. */
function addressOf(profile: Record<string, unknown>, isTrusted: boolean) {
  const email = toEmailAddress(profile['email'])
  if (email === null) return { email: noAddress, emailVerified: false }
  return isTrusted ? { email, emailVerified: true } : { email }
}
