import { iso } from '../core/clock.ts'
import type { AnyoneContext, Db } from '../core/context.ts'
import { ApiError } from '../core/errors.ts'
import { read } from '../core/read.ts'
import { isWellFormedToken, sha256 } from '../core/secrets.ts'
import { findInvitation, isInvited } from './me.queries.ts'
import { createPerson, invitationRefused } from './person.ts'
import type { SignUpInput, SignUpOutput } from './sign-up.schema.ts'

/**
 * Makes a person who signs in with e-mail and password, with an individual account and a first workspace; with an
 * invitation also their place in the inviting workspace.
 * @throws Forbidden without an invitation where sign-up is not open, or with one that is not good for this e-mail;
 *   AlreadyExists when the e-mail is taken.
 */
export async function signUp(ctx: AnyoneContext, input: SignUpInput): Promise<SignUpOutput> {
  const { house } = ctx
  if (input.invitation === undefined && house.settings.signUp !== 'open') throw signUpClosed()
  const invitation = input.invitation === undefined ? null : await openInvitation(ctx, input.invitation)
  const hash = await house.signIn.hashPassword(input.password)
  const created = await createPerson(ctx, {
    email: input.email,
    name: input.name,
    method: { kind: 'password', hash },
    ...(invitation && { invitation }),
  })
  return { ...created, ...(invitation && { joinedWorkspaceId: invitation.workspaceId }) }
}

/** Finds the workspace, so that the write can take its lane; whether the invitation is good is asked inside. */
async function openInvitation(ctx: AnyoneContext, secret: string) {
  if (!secret.startsWith('stw_inv_') || !isWellFormedToken(secret)) throw invitationRefused()
  const hash = sha256(secret)
  const row = await read(ctx, (db) => findInvitation.first(db, { hash }))
  if (!row) throw invitationRefused()
  return { hash, workspaceId: row.workspace_id }
}

/** For people who come from an identity provider: whether somebody with this e-mail may become a person here. */
export async function maySignUp(ctx: AnyoneContext, email: string): Promise<boolean> {
  if (ctx.house.settings.signUp === 'open') return true
  const now = iso(ctx.house.clock.now())
  return read(ctx, (db: Db) => isInvited(db, email, now))
}

export function signUpClosed(): ApiError {
  return new ApiError('Forbidden', 'Sign-up is by invitation here: use the link of an invitation.')
}
