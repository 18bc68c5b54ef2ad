import { createFileRoute } from '@tanstack/react-router'
import { writeSetting } from '../../../../setting.ts'
import { LiveWorkspace } from '../../../../workspace/live-workspace.tsx'
import { permissionsOptions } from '../../../../workspace/use-workspace.ts'

export const Route = createFileRoute('/_app/w/$workspaceId')({
  loader: async ({ context: { queryClient, trpc }, params: { workspaceId } }) => {
    await Promise.all([
      queryClient.ensureQueryData(trpc.workspace.get.queryOptions({ id: workspaceId })),
      queryClient.ensureQueryData(trpc.member.me.queryOptions({ workspaceId })),
      queryClient.ensureQueryData(permissionsOptions()),
    ])
    writeSetting('workspace', workspaceId)
  },
  component: LiveWorkspace,
})
