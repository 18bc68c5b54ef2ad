import { defineCommands } from '../../commands/command.ts'

export const workspaceCommands = defineCommands({
  'go.settings': {
    title: 'Go to workspace settings',
    group: 'Go to',
    keys: 'g s',
    menu: 'go',
    when: ({ workspaceId }) => workspaceId !== null,
    run: ({ navigate, workspaceId }) =>
      workspaceId && navigate({ to: '/w/$workspaceId/settings', params: { workspaceId } }),
  },
  'workspace.create': {
    title: 'Create a workspace',
    group: 'Workspace',
    words: 'new',
    menu: 'file',
    run: ({ navigate }) => navigate({ to: '/accounts', search: { do: 'create-workspace' } }),
  },
  'workspace.delete': { title: 'Delete this workspace', group: 'Workspace', words: 'close remove' },
})
