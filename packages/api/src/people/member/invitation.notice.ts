import type { Context, MainTx } from '../../core/context.ts'
import { actingUser } from '../../core/context.ts'
import { day } from '../../core/clock.ts'
import { linkForOthers } from '../../core/links.ts'
import { mailMessage } from '../../core/mail/mail.ts'
import { takeMailShare } from '../../core/mail/mail-share.ts'
import type { OutboxMessage } from '../../core/write/write.ts'
import { addedLetter, invitationLetter } from './invitation.mail.ts'
import { findEmailOfUser, findWorkspaceName } from './member.queries.ts'

interface Notice {
  to: string
  role: string
  /** Null for who is a member at once. */
  invitation: { path: string; expiresAt: string } | null
}

/**
 * The mail to somebody who is invited or added; none where it is not wanted, or this installation has no mail server.
 * @throws RateLimited when they, or whoever invites, have had their share of mails.
 */
export async function noticeTo(
  tx: MainTx,
  ctx: Context & { workspaceId: string },
  wanted: Notice | false,
): Promise<OutboxMessage[]> {
  const { app, workspaceId } = ctx
  if (!wanted || !app.mailer) return []
  await takeMailShare(tx, ctx, wanted.to)
  const userId = actingUser(ctx)
  const inviter = userId === null ? undefined : await findEmailOfUser.first(tx, { userId })
  const { to, role, invitation } = wanted
  const workspace = (await findWorkspaceName.first(tx, { id: workspaceId }))?.name ?? ''
  const about = { to, role, workspace, inviter: inviter?.email ?? null }
  if (invitation) {
    const { path, expiresAt } = invitation
    const letter = invitationLetter({ ...about, expiresAt, link: linkForOthers(app, path) })
    return [mailMessage(app, letter, Date.parse(expiresAt))]
  }
  const link = linkForOthers(app, `/w/${workspaceId}/home`)
  return [mailMessage(app, addedLetter({ ...about, link }), app.clock.now() + day)]
}
