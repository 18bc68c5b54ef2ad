import { createFileRoute, redirect } from '@tanstack/react-router'
import { lastWorkspaceId } from '../../session/use-workspace.ts'
import { allWorkspacesOptions } from '../../session/workspaces.ts'

/** Goes to the workspace that was open last, else to the first; without any, to the accounts that could make one. */
export const Route = createFileRoute('/_app/')({
  beforeLoad: async ({ context: { queryClient } }) => {
    const workspaces = await queryClient.ensureQueryData(allWorkspacesOptions())
    const workspaceId = lastWorkspaceId(workspaces)
    if (workspaceId === null) throw redirect({ to: '/accounts', replace: true })
    throw redirect({ to: '/w/$workspaceId/home', params: { workspaceId }, replace: true })
  },
})
