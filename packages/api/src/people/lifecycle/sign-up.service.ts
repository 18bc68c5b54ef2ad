import { isInvited } from '../member/invitation.queries.ts'
import { iso } from '../../core/clock.ts'
import type { AnyoneContext, Db } from '../../core/context.ts'
import { ApiError } from '../../core/errors.ts'
import { read } from '../../core/write/read.ts'
import { isWellFormedToken, sha256 } from '../../core/secrets.ts'
import { refuseGuessable } from '../sign-in/guessable.ts'
import { createPerson, goodInvitation, invitationRefused } from './person.ts'
import type { SignUpInput, SignUpOutput } from './sign-up.schema.ts'

/**
 * Makes a person who signs in with email and password, with an individual account and a first workspace; with an
 * invitation also their place in the inviting workspace.
 * @throws Forbidden without an invitation where sign-up is not open, or with one that is not good for this email;
 *   AlreadyExists when the email is taken; RateLimited for many tries from one address.
 */
export async function signUp(ctx: AnyoneContext, input: SignUpInput): Promise<SignUpOutput> {
  const { app } = ctx
  if (input.invitation === undefined && app.settings.signUp !== 'open') throw signUpClosed()
  const invitation = input.invitation === undefined ? null : await openInvitation(ctx, input.invitation, input.email)
  refuseGuessable(input.password, [input.email, input.name])
  const hash = await app.signIn.hashPassword(input.password, ctx.request.ip)
  const created = await createPerson(ctx, {
    email: input.email,
    name: input.name,
    method: { kind: 'password', hash },
    ...(invitation && { invitation }),
  })
  return { ...created, ...(invitation && { joinedWorkspaceId: invitation.workspaceId }) }
}

/**
 * The workspace, whose lane the write takes, if the invitation is good: nobody else has a password hashed, which is
 * costly. Whether the address is taken is asked after that, so that the time of the answer does not tell.
 */
async function openInvitation(ctx: AnyoneContext, secret: string, email: string) {
  if (!secret.startsWith('stw_inv_') || !isWellFormedToken(secret)) throw invitationRefused()
  const hash = sha256(secret)
  const now = iso(ctx.app.clock.now())
  const row = await read(ctx, (db) => goodInvitation(db, { hash, email, now }))
  return { hash, workspaceId: row.workspace_id }
}

/** For people who come from an identity provider: whether somebody with this email may become a person here. */
export async function maySignUp(ctx: AnyoneContext, email: string): Promise<boolean> {
  if (ctx.app.settings.signUp === 'open') return true
  const now = iso(ctx.app.clock.now())
  return read(ctx, (db: Db) => isInvited(db, email, now))
}

export function signUpClosed(): ApiError {
  return new ApiError('Forbidden', 'Sign-up is by invitation only. Use the link in your invitation.')
}
