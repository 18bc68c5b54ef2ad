import { defineCommands } from '../commands/command.ts'

export const homeCommands = defineCommands({
  'go.home': {
    title: 'Go to home',
    group: 'Go to',
    keys: 'g h',
    menu: 'go',
    when: ({ workspaceId }) => workspaceId !== null,
    run: ({ navigate, workspaceId }) =>
      workspaceId && navigate({ to: '/w/$workspaceId/home', params: { workspaceId } }),
  },
})
