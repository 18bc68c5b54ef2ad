import type { BetterAuthOptions } from 'better-auth/types'

const stamps = { createdAt: 'created_at', updatedAt: 'updated_at' }

/** The library's models under our names of tables and columns (packages/db, tables/sign-in.ts and me.ts). */
export const modelOptions = {
  user: {
    modelName: 'user',
    fields: { name: 'display_name', emailVerified: 'email_verified', image: 'picture', ...stamps },
  },
  session: {
    modelName: 'session',
    fields: {
      userId: 'user_id',
      expiresAt: 'expires_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
      ...stamps,
    },
  },
  account: {
    modelName: 'sign_in_method',
    fields: {
      userId: 'user_id',
      providerId: 'provider_id',
      accountId: 'provider_user_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      ...stamps,
    },
  },
  verification: {
    modelName: 'verification',
    fields: { expiresAt: 'expires_at', ...stamps },
    storeIdentifier: 'hashed',
  },
} satisfies BetterAuthOptions

export const twoFactorSchema = {
  user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
  twoFactor: {
    modelName: 'two_factor',
    fields: {
      userId: 'user_id',
      backupCodes: 'backup_codes',
      failedVerificationCount: 'failed_verification_count',
      lockedUntil: 'locked_until',
    },
  },
}
