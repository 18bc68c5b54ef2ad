import { defineCommands } from '../../commands/command.ts'

export const memberCommands = defineCommands({
  'go.members': {
    title: 'Go to members',
    group: 'Go to',
    keys: 'g m',
    menu: 'go',
    words: 'people invitations team',
    when: ({ workspaceId }) => workspaceId !== null,
    run: ({ navigate, workspaceId }) =>
      workspaceId && navigate({ to: '/w/$workspaceId/members', params: { workspaceId } }),
  },
  'go.roles': {
    title: 'Go to roles and permissions',
    group: 'Go to',
    keys: 'g r',
    words: 'who can rights matrix',
    when: ({ workspaceId }) => workspaceId !== null,
    run: ({ navigate, workspaceId }) =>
      workspaceId && navigate({ to: '/w/$workspaceId/members/roles', params: { workspaceId } }),
  },
  'member.invite': {
    title: 'Invite people',
    group: 'Workspace',
    words: 'add member invitation link email',
    when: ({ workspaceId, may }) => workspaceId !== null && may('member.invite'),
    run: ({ navigate, workspaceId }) =>
      workspaceId && navigate({ to: '/w/$workspaceId/members', params: { workspaceId }, search: { do: 'invite' } }),
  },
  'member.explain': {
    title: 'Explain a permission',
    group: 'Workspace',
    words: 'why am i denied who can rights simulator forbidden',
    when: ({ workspaceId, may }) => workspaceId !== null && may('member.explain'),
    run: ({ navigate, workspaceId }) =>
      workspaceId &&
      navigate({
        to: '/w/$workspaceId/members/roles',
        params: { workspaceId },
        search: { explain: 'bot.update' },
      }),
  },
  'member.transferOwnership': {
    title: 'Transfer ownership of the workspace',
    group: 'Workspace',
    words: 'owner give',
    when: ({ workspaceId, may }) => workspaceId !== null && may('member.transferOwnership'),
    run: ({ navigate, workspaceId }) =>
      workspaceId && navigate({ to: '/w/$workspaceId/members', params: { workspaceId }, search: { do: 'transfer' } }),
  },
  'member.leave': {
    title: 'Leave the workspace',
    group: 'Workspace',
    words: 'quit remove myself',
    // The owner cannot: ownership is transferred first.
    when: ({ workspaceId, may }) => workspaceId !== null && may('member.delete') && !may('member.transferOwnership'),
    run: ({ navigate, workspaceId }) =>
      workspaceId && navigate({ to: '/w/$workspaceId/members', params: { workspaceId }, search: { do: 'leave' } }),
  },
})
