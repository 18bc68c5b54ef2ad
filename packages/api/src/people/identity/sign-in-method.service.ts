import type { MainTx } from '../../core/context.ts'
import { insertSignInMethod } from './sign-in-method.queries.ts'

/** How a new person will sign in; null for an owner who has not chosen yet. */
export type FirstSignInMethod =
  | { kind: 'password'; hash: string }
  | { kind: 'provider'; providerId: string; subject: string }
  | null

interface MethodOwner {
  userId: string
  methodId: string
  now: string
  method: NonNullable<FirstSignInMethod>
}

/** A password counts as the provider `credential`, whose user is the person: so the sign-in library wants it. */
export async function insertMethod(tx: MainTx, { userId, methodId, now, method }: MethodOwner): Promise<void> {
  await insertSignInMethod(tx, {
    id: methodId,
    user_id: userId,
    provider_id: method.kind === 'password' ? 'credential' : method.providerId,
    provider_user_id: method.kind === 'password' ? userId : method.subject,
    password: method.kind === 'password' ? method.hash : null,
    access_token: null,
    refresh_token: null,
    id_token: null,
    access_token_expires_at: null,
    refresh_token_expires_at: null,
    scope: null,
    created_at: now,
    updated_at: now,
  })
}
