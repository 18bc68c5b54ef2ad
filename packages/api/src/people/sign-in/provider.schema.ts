import { z } from 'zod'

/** An OpenID Connect provider that people may sign in with, as the installation is configured. */
export const oidcProvider = z.object({
  /** Stands in the callback address `/auth/callback/<id>`, which the provider must know. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be lowercase letters, digits and hyphens'),
  /** What the sign-in page shows. */
  name: z.string().min(1).max(100),
  /** The provider's `…/.well-known/openid-configuration`. */
  discoveryUrl: z.url({ protocol: /^https?$/ }),
  /** What it calls itself, where that is not the beginning of `discoveryUrl`. */
  issuer: z.string().optional(),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  scopes: z.array(z.string()).default(['openid', 'email', 'profile']),
  /** Takes every email of this provider as verified: for company directories that do not send `email_verified`. */
  trustsEmail: z.boolean().default(false),
  /** The provider asks for a second factor itself, so that ours is not asked after it. */
  trustsSecondFactor: z.boolean().default(false),
})
export type OidcProvider = z.input<typeof oidcProvider>
