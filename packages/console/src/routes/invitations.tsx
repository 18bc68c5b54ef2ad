import { createFileRoute, redirect } from '@tanstack/react-router'
import { failureOf } from '../base/failure.ts'
import { meOptions } from '../session/me.ts'
import { EntranceError } from '../people/sign-in/entrance-error.tsx'
import { InvitationPage } from '../people/sign-in/invitation-page.tsx'
import { forgetLink, secretOfLink } from '../people/sign-in/link-secret.ts'

/** An invitation's link is `/invitations#stw_inv_…`. */
export const Route = createFileRoute('/invitations')({
  loader: async ({ context: { client, queryClient }, location }) => {
    const secret = secretOfLink('invitation', location.hash)
    if (secret === '') throw new Error('This link is not complete. Open the full link that you received.')
    const me = (await queryClient.ensureQueryData(meOptions()).catch(() => null))?.account ?? null
    try {
      return { secret, me, invitation: await client.member.lookupInvitation.mutate({ secret }) }
    } catch (error) {
      // Used before, perhaps by who opens it again.
      const joined =
        me && failureOf(error).type === 'ResourceNotFound'
          ? await client.member.acceptInvitation.mutate({ secret }).catch(() => null)
          : null
      if (!joined) throw error
      forgetLink('invitation')
      throw redirect({ to: '/w/$workspaceId/home', params: { workspaceId: joined.workspaceId }, replace: true })
    }
  },
  component: InvitationPage,
  errorComponent: EntranceError,
})
