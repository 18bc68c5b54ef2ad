import { createFileRoute, redirect } from '@tanstack/react-router'
import { readSetting } from '../../setting.ts'
import { allWorkspacesOptions } from '../../workspace/workspaces.ts'

/** Goes to the workspace that was open last, else to the first; without any, to the accounts that could make one. */
export const Route = createFileRoute('/_app/')({
  beforeLoad: async ({ context: { queryClient } }) => {
    const workspaces = await queryClient.ensureQueryData(allWorkspacesOptions())
    const last = readSetting('workspace')
    const workspace = workspaces.find(({ id }) => id === last) ?? workspaces[0]
    if (!workspace) throw redirect({ to: '/accounts', replace: true })
    throw redirect({ to: '/w/$workspaceId/home', params: { workspaceId: workspace.id }, replace: true })
  },
})
