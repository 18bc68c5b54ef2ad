import { fromJson, toJson } from '@steward/db'
import { boundWorkspace } from '../../core/access/access.ts'
import { day, iso, second } from '../../core/clock.ts'
import type { Db, MainTx, SelfContext } from '../../core/context.ts'
import { ApiError, notFound } from '../../core/errors.ts'
import type { AppContext } from '../../core/app-context.ts'
import { read } from '../../core/write/read.ts'
import { mintToken, sha256 } from '../../core/secrets.ts'
import type { Change } from '../../core/write/write.ts'
import { write } from '../../core/write/write.ts'
import type {
  CreatePersonalAccessTokenInput,
  DeletePersonalAccessTokenInput,
  AccessToken,
  AccessTokenWithValue,
  RotateTokenInput,
} from './me.schema.ts'
import type { TokenRow } from './token.queries.ts'
import * as rows from './token.queries.ts'

/** Living tokens of a person, at most: the contract lists them without pages. */
export const maxTokens = 100

/** The person's tokens, oldest first; never their values. One that is bound to a workspace sees those bound to it. */
export async function listTokens(ctx: SelfContext): Promise<{ pats: AccessToken[] }> {
  const bound = boundWorkspace(ctx)
  const found = await read(ctx, (db) => rows.listTokens(db, ctx.userId))
  return { pats: found.filter((row) => bound === null || row.workspace_id === bound).map(toPat) }
}

/**
 * Mints a personal access token; its value is shown this once. Without `expiresAt` it lives until it is deleted: the
 * contract's scripts keep theirs. A token made with a narrowed token inherits what it is not told and cannot exceed its
 * maker in scopes, workspace or life.
 * @throws InvalidPayload for an unknown scope or a past expiry; ResourceNotFound for a workspace the person is not a
 *   member of; Forbidden when it would exceed the token that makes it; LimitExceeded with `maxTokens` alive.
 */
export function createToken(
  ctx: SelfContext,
  input: CreatePersonalAccessTokenInput,
): Promise<{ pat: AccessTokenWithValue }> {
  const asked = askedLimits(ctx.app, input)
  const { row, value } = newToken(ctx.app, ctx.userId, input.note)
  return write(ctx, 'UNKNOWN', async (tx) => {
    const made = { ...row, ...inherit(await limitsOfMaker(tx, ctx), asked) }
    if (made.workspace_id !== null && !(await rows.isMember(tx, ctx.userId, made.workspace_id)))
      throw notFound('workspace', made.workspace_id)
    const forgotten = await makeRoom(tx, ctx)
    await rows.insertToken(tx, made)
    return {
      answer: { pat: { ...toPat(made), value } },
      changes: [
        { type: 'token', id: made.id },
        ...forgotten.map((id): Change => ({ type: 'token', id, deleted: true })),
      ],
      audit: {
        type: 'token',
        id: made.id,
        name: made.note,
        after: { ...shown(made), ...(forgotten.length > 0 && { expiredForgotten: forgotten }) },
      },
    }
  })
}

/** Deletes the oldest expired tokens, which are kept to be seen, once they take up room. @throws LimitExceeded */
async function makeRoom(tx: MainTx, { userId, app }: SelfContext): Promise<string[]> {
  const now = iso(app.clock.now())
  const found = await rows.listTokens(tx, userId)
  const expired = found.filter((row) => row.expires_at !== null && row.expires_at <= now)
  if (found.length - expired.length >= maxTokens)
    throw new ApiError(
      'LimitExceeded',
      `A person can have at most ${maxTokens} tokens. Delete one that is not needed.`,
      {
        limit: 'tokens',
        most: maxTokens,
      },
    )
  const surplus = expired.slice(0, Math.max(0, found.length + 1 - maxTokens))
  for (const row of surplus) await rows.deleteToken(tx, userId, row.id)
  return surplus.map(({ id }) => id)
}

/** A token row without limits and its value; `rows.insertToken` writes it. */
export function newToken(app: AppContext, userId: string, note: string): { row: TokenRow; value: string } {
  const value = mintToken(app.ids, 'bp_pat_')
  const row: TokenRow = {
    id: app.ids.make('token'),
    user_id: userId,
    note,
    hash: sha256(value),
    previous_hash: null,
    previous_until: null,
    scopes: null,
    workspace_id: null,
    created_at: iso(app.clock.now()),
    expires_at: null,
    last_used_at: null,
  }
  return { row, value }
}

export const insertToken = rows.insertToken
export const deleteTokensNoted = rows.deleteTokensNoted

function shownHash({ actor }: SelfContext): string | undefined {
  return actor.kind === 'user' && actor.credential.kind === 'token' ? actor.credential.hash : undefined
}

/**
 * Gives a token a new value, shown this once; the old one stays good for `graceSeconds`, and the one before that ends.
 * @throws ResourceNotFound for a token that is not the person's; ResourceGone when it has expired; Forbidden when the
 *   acting token is narrower than the rotated one, or its own former value.
 */
export function rotateToken(ctx: SelfContext, input: RotateTokenInput): Promise<{ pat: AccessTokenWithValue }> {
  const value = mintToken(ctx.app.ids, 'bp_pat_')
  return write(ctx, 'UNKNOWN', async (tx) => {
    const now = ctx.app.clock.now()
    const row = await rows.findToken(tx, ctx.userId, input.id)
    if (!row) throw notFound('token', input.id)
    if (row.expires_at !== null && row.expires_at <= iso(now))
      throw new ApiError('ResourceGone', 'This token has expired. Create a new one.')
    refuseExcess(await limitsOfMaker(tx, ctx), row)
    if (row.previous_hash !== null && shownHash(ctx) === row.previous_hash)
      throw new ApiError('Forbidden', 'The previous value of a token cannot rotate it. Use the new one.')
    const graceful = input.graceSeconds > 0
    const previousUntil = graceful ? iso(now + input.graceSeconds * second) : null
    await rows.replaceTokenHash(tx, row.id, {
      hash: sha256(value),
      previous_hash: graceful ? row.hash : null,
      previous_until: previousUntil,
    })
    return {
      answer: { pat: { ...toPat(row), value } },
      changes: [{ type: 'token', id: row.id }],
      audit: { type: 'token', id: row.id, name: row.note, after: { previousValueUntil: previousUntil } },
    }
  })
}

/** Revokes a token, at once, also the one that makes the call. @throws ResourceNotFound */
export function deleteToken(ctx: SelfContext, { id }: DeletePersonalAccessTokenInput): Promise<Record<string, never>> {
  return write(ctx, 'UNKNOWN', async (tx) => {
    const row = await rows.findToken(tx, ctx.userId, id)
    if (!row) throw notFound('token', id)
    await rows.deleteToken(tx, ctx.userId, id)
    return {
      answer: {},
      changes: [{ type: 'token', id, deleted: true }],
      audit: { type: 'token', id, name: row.note, before: shown(row) },
    }
  })
}

/** What narrows a token; null = not narrowed. */
type Limits = Pick<TokenRow, 'scopes' | 'workspace_id' | 'expires_at'>

const unlimited: Limits = { scopes: null, workspace_id: null, expires_at: null }

function askedLimits({ areas, clock }: AppContext, input: CreatePersonalAccessTokenInput): Partial<Limits> {
  const now = clock.now()
  const unknown = input.scopes?.filter((scope) => !areas.keyScopes.some((known) => known === scope)) ?? []
  if (unknown.length > 0 || input.scopes?.length === 0)
    throw new ApiError('InvalidPayload', `"scopes" must have one or more of: ${areas.keyScopes.join(', ')}.`, {
      unknown,
    })
  const expiresAt = input.expiresAt === undefined ? undefined : Date.parse(input.expiresAt)
  if (expiresAt !== undefined && expiresAt <= now)
    throw new ApiError('InvalidPayload', '"expiresAt" must be in the future.')
  if (expiresAt !== undefined && expiresAt > now + 100 * 365 * day)
    throw new ApiError('InvalidPayload', '"expiresAt" is more than a hundred years away. Leave it out instead.')
  return {
    ...(input.scopes && { scopes: toJson([...new Set(input.scopes)].toSorted()) }),
    ...(input.boundWorkspaceId !== undefined && { workspace_id: input.boundWorkspaceId }),
    ...(expiresAt !== undefined && { expires_at: iso(expiresAt) }),
  }
}

async function limitsOfMaker(db: Db, { actor, userId }: SelfContext): Promise<Limits> {
  if (actor.kind !== 'user' || actor.credential.kind !== 'token') return unlimited
  const maker = await rows.findToken(db, userId, actor.credential.id)
  if (!maker) throw new ApiError('Unauthorized', 'This token is not valid: it is unknown, revoked or expired.')
  return maker
}

function inherit(maker: Limits, asked: Partial<Limits>): Limits {
  const { scopes, workspace_id, expires_at } = maker
  const limits: Limits = { scopes, workspace_id, expires_at, ...asked }
  refuseExcess(maker, limits)
  return limits
}

/** @throws Forbidden when a token with these limits could do more than its maker, or for longer. */
function refuseExcess(maker: Limits, limits: Limits): void {
  const wider =
    exceedsScopes(maker.scopes, limits.scopes) ||
    (maker.workspace_id !== null && maker.workspace_id !== limits.workspace_id) ||
    (maker.expires_at !== null && (limits.expires_at === null || limits.expires_at > maker.expires_at))
  if (wider)
    throw new ApiError('Forbidden', 'A token cannot create one with more scopes, more workspaces or a later expiry.')
}

function exceedsScopes(maker: string | null, made: string | null): boolean {
  if (maker === null) return false
  if (made === null) return true
  const has = new Set(fromJson<string[]>(maker))
  return fromJson<string[]>(made).some((scope) => !has.has(scope) && !has.has(scope.replace(/:read$/, ':write')))
}

/** The limits as the audit trail keeps them. */
function shown(row: Limits) {
  return { scopes: scopesOf(row), boundWorkspaceId: row.workspace_id, expiresAt: row.expires_at }
}

function scopesOf(row: Limits): string[] | null {
  return row.scopes === null ? null : fromJson<string[]>(row.scopes)
}

function toPat(row: TokenRow): AccessToken {
  const scopes = scopesOf(row)
  return {
    id: row.id,
    createdAt: row.created_at,
    note: row.note,
    ...(scopes && { scopes }),
    ...(row.workspace_id !== null && { boundWorkspaceId: row.workspace_id }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at }),
  }
}
