import { z } from 'zod'
import {
  apiKeySummary,
  apiKeyWithValue,
  boundedJson,
  isoDateTime,
  isoDateTimeInput,
  noResult,
  preference,
  preferenceKey,
  resourceId,
  text,
  textUpTo,
} from '../../core/shapes.schema.ts'
import { pictureAddress } from '../../core/web-address.schema.ts'

/** The contract's `Account`: the profile of the signed-in person. */
export const account = z.object({
  id: z.string(),
  email: z.string(),
  displayName: z.string().optional(),
  emailVerified: z.boolean(),
  profilePicture: z.string().optional(),
  createdAt: isoDateTime,
})
export type Account = z.infer<typeof account>

/** Ours: what narrows a personal access token, and when it was last used. */
const tokenLimits = {
  scopes: z.array(z.string()).optional(),
  boundWorkspaceId: z.string().optional(),
  expiresAt: isoDateTime.optional(),
  lastUsedAt: isoDateTime.optional(),
}

export const accessToken = apiKeySummary.extend(tokenLimits)
export type AccessToken = z.infer<typeof accessToken>

/** The one answer that shows a token's value: that of its creation or rotation. */
export const accessTokenWithValue = apiKeyWithValue.extend(tokenLimits)
export type AccessTokenWithValue = z.infer<typeof accessTokenWithValue>

// Profile

export const getAccountInput = z.object({})
export type GetAccountInput = z.infer<typeof getAccountInput>
export const getAccountOutput = z.object({ account })
export type GetAccountOutput = z.infer<typeof getAccountOutput>

export const updateAccountInput = z.object({
  displayName: text.max(100).optional(),
  profilePicture: pictureAddress(65_536).optional(),
  refresh: z.boolean().optional(),
})
export type UpdateAccountInput = z.infer<typeof updateAccountInput>
export const updateAccountOutput = z.object({ account })
export type UpdateAccountOutput = z.infer<typeof updateAccountOutput>

export const deleteAccountInput = z.object({
  /** The person's own address: what a token has to give, which a session proves by being confirmed. */
  confirmEmail: text.max(254).optional(),
})
export type DeleteAccountInput = z.infer<typeof deleteAccountInput>
export const deleteAccountOutput = noResult

// Personal access tokens

export const listPersonalAccessTokensInput = z.object({})
export type ListPersonalAccessTokensInput = z.infer<typeof listPersonalAccessTokensInput>
export const listPersonalAccessTokensOutput = z.object({ pats: z.array(apiKeySummary) })
export const listAccessTokensOutput = z.object({ pats: z.array(accessToken) })
export type ListAccessTokensOutput = z.infer<typeof listAccessTokensOutput>

export const createPersonalAccessTokenInput = z.object({
  note: textUpTo(1000),
  scopes: z.array(text.max(100)).max(100).optional(),
  boundWorkspaceId: resourceId.optional(),
  expiresAt: isoDateTimeInput.optional(),
})
export type CreatePersonalAccessTokenInput = z.infer<typeof createPersonalAccessTokenInput>
export const createPersonalAccessTokenOutput = z.object({ pat: apiKeyWithValue })
export const createAccessTokenOutput = z.object({ pat: accessTokenWithValue })
export type CreateAccessTokenOutput = z.infer<typeof createAccessTokenOutput>

export const deletePersonalAccessTokenInput = z.object({ id: resourceId })
export type DeletePersonalAccessTokenInput = z.infer<typeof deletePersonalAccessTokenInput>
export const deletePersonalAccessTokenOutput = noResult

/** Replaces the value; the old one stays good for `graceSeconds` (a day by default, a week at most, 0 ends it at once). */
export const rotateTokenInput = z.object({
  id: resourceId,
  graceSeconds: z
    .int()
    .min(0)
    .max(7 * 24 * 60 * 60)
    .default(24 * 60 * 60),
})
export type RotateTokenInput = z.infer<typeof rotateTokenInput>
export const rotateTokenOutput = createAccessTokenOutput
export type RotateTokenOutput = z.infer<typeof rotateTokenOutput>

// Preferences

export const setAccountPreferenceInput = z
  .object({ key: preferenceKey, value: z.unknown().optional() })
  .check(boundedJson)
export type SetAccountPreferenceInput = z.infer<typeof setAccountPreferenceInput>
export const setAccountPreferenceOutput = noResult

export const getAccountPreferenceInput = z.object({ key: preferenceKey })
export type GetAccountPreferenceInput = z.infer<typeof getAccountPreferenceInput>
export const getAccountPreferenceOutput = preference
export type GetAccountPreferenceOutput = z.infer<typeof getAccountPreferenceOutput>

// What the token acts for
