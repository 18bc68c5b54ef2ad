import type { Stores } from '@steward/db'
import { betterAuth } from 'better-auth'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import { getAdapter } from 'better-auth/db/adapter'
import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import { twoFactor } from 'better-auth/plugins/two-factor'
import type { BetterAuthOptions } from 'better-auth/types'
import { second } from '../../core/clock.ts'
import { freshFor } from '../identity/confirmed.service.ts'
import { ApiError } from '../../core/errors.ts'
import type { AppContext } from '../../core/app-context.ts'
import { storesOf } from '../../core/app-context.ts'
import { backupCodes, hashOfCode } from './backup-codes.ts'
import { errorPage } from './answer.ts'
import { withBuffer } from './buffered-adapter.ts'
import { withHashedSessions } from './hashed-sessions.ts'
import type { Hashing } from './hashing.ts'
import { modelOptions, twoFactorSchema } from './models.ts'
import type { OauthSignUp } from './oauth-sign-up-adapter.ts'
import { withOauthSignUp } from './oauth-sign-up-adapter.ts'
import type { OidcProvider } from './provider.schema.ts'
import { providerConfig } from './provider-config.ts'
import { librarySecretVersion } from './sealed-factors.ts'
import { clientIpHeader, cookieHome, cookiePrefix, sessionLife } from './session-cookie.ts'
import type { Visit } from './record.ts'
import { isOutdated } from './scrypt.ts'
import { askAfterProviders, noteCode } from './second-factor.ts'
import { statesOnce } from './state-once.ts'

const maxPassword = 128

const libraryLimits = {
  '/sign-in/email': false,
  '/change-password': false,
  '/two-factor/*': false,
  '/sign-in/social': { window: 60, max: 60 },
} as const

interface LibraryOptions {
  app: AppContext
  /** Signs cookies and seals second-factor secrets. */
  secret: string
  providers: readonly OidcProvider[]
  reception: OauthSignUp
  hashing: Hashing
  /** The request under way. */
  visit: () => Visit
}

/**
 * The sign-in library (better-auth 1.7) over our tables. `type: 'sqlite'` on both engines: it says how values are
 * written (flags 0 and 1, times as ISO text), which is what Steward's schema wants on Postgres too.
 */
export async function openLibrary(options: LibraryOptions) {
  const settings = librarySettings(options)
  const adapterOver = async (db: Stores['main']['library']) =>
    withHashedSessions(await getAdapter({ ...settings, database: { db, type: 'sqlite' } }))
  const stored = await adapterOver(storesOf(options.app).main.library)
  const collecting = withBuffer(stored, {
    work: () => options.visit().work,
    id: () => options.app.ids.uuid(),
    factorAsked: async (row) => inLibraryWords(noteCode(options, row, (await auth.$context).secretConfig)),
  })
  const adapter = withOauthSignUp(collecting, options.reception)
  const auth = betterAuth({ ...settings, database: () => adapter })
  return { handle: (request: Request) => auth.handler(request), adapterOver }
}

function librarySettings({ app, secret, providers, hashing, visit }: LibraryOptions) {
  const { publicUrl } = app.settings
  const home = cookieHome(app)
  const factor = twoFactor({
    issuer: 'Steward',
    schema: twoFactorSchema,
    allowPasswordless: true,
    backupCodeOptions: backupCodes(app.ids),
  })
  return {
    appName: 'Steward',
    baseURL: `${publicUrl}/auth`,
    basePath: '/auth',
    trustedOrigins: [new URL(publicUrl).origin],
    secrets: [{ version: librarySecretVersion, value: secret }],
    telemetry: { enabled: false },
    logger: { level: 'warn', log: (_level, message, cause) => logRemark(app, message, cause) },
    onAPIError: { errorURL: `${publicUrl}${errorPage}`, onError: (cause) => logFailure(app, cause) },
    ...modelOptions,
    // An identity is its provider and its id there: an address, which others can come to have, opens nothing.
    account: {
      ...modelOptions.account,
      accountLinking: {
        disableImplicitLinking: true,
        allowDifferentEmails: true,
        trustedProviders: providers.map(({ id }) => id),
      },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: maxPassword,
      password: {
        hash: (password) => inLibraryWords(hashing.hash(password)),
        verify: async (given) => {
          const isRight = await inLibraryWords(hashing.verify(given))
          if (isRight && isOutdated(given.hash)) visit().outdated = given
          return isRight
        },
      },
    },
    // Reading a session writes nothing: it is prolonged by our own check, and swept when it has run out.
    session: {
      ...modelOptions.session,
      expiresIn: sessionLife / second,
      disableSessionRefresh: true,
      deferSessionRefresh: true,
      freshAge: freshFor / second,
    },
    // Wrong guesses are counted by us, right ones never (`attempt.ts`); each start at a provider leaves a row.
    rateLimit: { enabled: true, storage: 'memory', customRules: libraryLimits },
    advanced: {
      cookiePrefix: cookiePrefix(home),
      // The prefix says it: the library knows `__Secure-` alone.
      useSecureCookies: false,
      // Said, because their defaults depend on NODE_ENV.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure: home.secure, path: '/' },
      ipAddress: { ipAddressHeaders: [clientIpHeader] },
      database: { generateId: () => app.ids.uuid(), validateSchema: false },
    },
    databaseHooks: { account: { create: { before: keepNoTokens }, update: { before: keepNoTokens } } },
    hooks: { before: createAuthMiddleware(async (ctx) => stricterBody(ctx)) },
    plugins: [
      statesOnce(`${publicUrl}${errorPage}`),
      factor,
      askAfterProviders(factor, app.signIn.trustedProviders),
      genericOAuth({ config: providers.map((provider) => providerConfig(app, provider)) }),
    ],
  } satisfies BetterAuthOptions
}

/** What the library takes for an error is mostly what a stranger sent: a fault reaches `logFailure`. */
function logRemark(app: AppContext, message: string, cause: unknown): void {
  app.log.warn({ from: 'sign-in', ...(cause instanceof Error && { reason: cause.message }) }, message)
}

/** A refusal is everyday; anything else is a fault, of which the client learns nothing. */
function logFailure(app: AppContext, cause: unknown): void {
  if (cause instanceof APIError && cause.statusCode < 500)
    app.log.debug({ from: 'sign-in', status: cause.status }, 'Refused.')
  else app.log.error({ from: 'sign-in', err: cause }, 'The sign-in library failed.')
}

/** A refusal of ours as the library answers its own, with the time to wait. */
async function inLibraryWords<T>(done: Promise<T>): Promise<T> {
  try {
    return await done
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.type !== 'RateLimited') throw cause
    const { type, message, metadata } = cause
    throw new APIError(
      'TOO_MANY_REQUESTS',
      { code: type, message },
      { 'retry-after': String(metadata['resetSeconds']) },
    )
  }
}

/** The provider's tokens are of no use to us once the person is known. */
async function keepNoTokens<T>(method: T) {
  const none = { accessToken: null, refreshToken: null, idToken: null }
  return { data: { ...method, ...none, accessTokenExpiresAt: null, refreshTokenExpiresAt: null } }
}

/**
 * A new password ends the other sessions and a backup code makes one, asked for or not, and is known by its hash; an ID
 * token is taken from the provider alone.
 */
function stricterBody(ctx: { path?: string; body?: unknown }) {
  if (typeof ctx.body !== 'object' || ctx.body === null) return undefined
  if ('idToken' in ctx.body && ctx.body.idToken !== undefined)
    throw new APIError('BAD_REQUEST', {
      code: 'ID_TOKEN_NOT_SUPPORTED',
      message: 'Sign in with your identity provider instead.',
    })
  if (passwordFields.some((field) => isTooLong(Reflect.get(ctx.body as object, field))))
    throw new APIError('BAD_REQUEST', { code: 'PASSWORD_TOO_LONG', message: 'Password too long' })
  if (ctx.path === '/change-password') return { context: { body: { ...ctx.body, revokeOtherSessions: true } } }
  if (ctx.path === '/two-factor/verify-backup-code') {
    const { code } = ctx.body as { code?: unknown }
    const hashed = typeof code === 'string' ? { code: hashOfCode(code) } : {}
    return { context: { body: { ...ctx.body, ...hashed, disableSession: false } } }
  }
  return undefined
}

const passwordFields = ['password', 'newPassword', 'currentPassword']

/** The library checks new passwords only, and would hash a guess of any length. */
function isTooLong(value: unknown): boolean {
  return typeof value === 'string' && value.length > maxPassword
}
