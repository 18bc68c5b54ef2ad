import { createFileRoute } from '@tanstack/react-router'
import { EntranceError } from '../../sign-in/entrance-error.tsx'
import { InvitationPage } from '../../sign-in/invitation-page.tsx'
import { meOptions } from '../../me/me.ts'

export const Route = createFileRoute('/invitations/$secret')({
  loader: async ({ context: { queryClient, trpc }, params: { secret } }) => {
    const [invitation, me] = await Promise.all([
      queryClient.fetchQuery(trpc.member.lookupInvitation.queryOptions({ secret })),
      queryClient.ensureQueryData(meOptions()).catch(() => null),
    ])
    return { invitation, me: me?.account ?? null }
  },
  component: InvitationPage,
  errorComponent: EntranceError,
})
