/*
 * Sign-in speaks to the server's session library under /auth, with cookies; everything else is tRPC.
 */
import { answering } from '@steward/api/client'
import { connection } from '../../session/connection.ts'
import { type Failure, failureOf } from '../../base/failure.ts'

export interface AuthAnswer {
  /** Sign-in stops half-way: a code of the second factor is due. */
  twoFactorRedirect?: boolean
  /** Of enabling the second factor. */
  totpURI?: string
  backupCodes?: string[]
  [name: string]: unknown
}

/**
 * Posts to `/auth/<path>`.
 * @throws AuthError with the library's code and message; Unanswered.
 */
export async function auth(path: string, body: object = {}): Promise<AuthAnswer> {
  const response = await answering(connection.fetch)(`/auth/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = ((await response.json()) ?? {}) as AuthAnswer & { code?: string; message?: string }
  if (response.ok) return answer
  throw new AuthError(String(answer.code ?? response.status), wordsFor(response.status, answer))
}

export class AuthError extends Error {
  override readonly name = 'AuthError'
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

const words: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: 'The email or password is wrong.',
  INVALID_PASSWORD: 'This is not your current password.',
  INVALID_CODE: 'This code is wrong. Codes change every 30 seconds.',
  CODE_USED: 'This code was already used. Wait for the next one.',
  INVALID_BACKUP_CODE: 'This backup code is wrong, or it was already used.',
  INVALID_TWO_FACTOR_COOKIE: 'Too much time has passed. Sign in again.',
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: 'Too many wrong codes. Sign in again.',
}

function wordsFor(status: number, { code, message }: { code?: string; message?: string }): string {
  if (status === 429) return message ?? 'Too many attempts. Wait a minute and try again.'
  return words[code ?? ''] ?? message ?? `Sign-in failed (HTTP ${status}).`
}

/** @returns what went wrong, or null. */
export async function signOut(): Promise<Pick<Failure, 'message'> | null> {
  try {
    await auth('sign-out')
    return null
  } catch (error) {
    return failureOf(error)
  }
}
