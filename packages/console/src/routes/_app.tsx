import { createFileRoute, redirect } from '@tanstack/react-router'
import { setDraftOwner } from '../base/drafts.ts'
import { failureOf } from '../base/failure.ts'
import { draftOwner, meOptions } from '../session/me.ts'
import { Shell } from '../shell/shell.tsx'
import { permissionsOptions } from '../session/use-workspace.ts'
import { allWorkspacesOptions } from '../session/workspaces.ts'

/** Everything behind sign-in. Signed out goes to sign-in and back; an installation without an owner goes to set-up. */
export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ context: { queryClient, trpc }, location }) => {
    // Asked for at once, so that they travel with the first question.
    void queryClient.prefetchQuery(permissionsOptions())
    void queryClient.prefetchQuery(allWorkspacesOptions())
    const me = await queryClient.ensureQueryData(meOptions()).catch((error: unknown) => {
      if (failureOf(error).type === 'Unauthorized') return null
      throw error
    })
    if (me) {
      setDraftOwner(draftOwner(me.account.id))
      return { me: me.account }
    }
    const { state } = await queryClient.fetchQuery(trpc.setup.status.queryOptions({}))
    if (state === 'unclaimed') throw redirect({ to: '/set-up' })
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } })
  },
  component: Shell,
})
