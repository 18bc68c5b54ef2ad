import { createFileRoute } from '@tanstack/react-router'
import { writeSetting } from '../../../../base/setting.ts'
import { LiveWorkspace } from '../../../../shell/live-workspace.tsx'
import { permissionsOptions } from '../../../../session/use-workspace.ts'

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
