import { defineCommands } from '../commands/command.ts'

export const auditCommands = defineCommands({
  'go.audit': {
    title: 'Go to audit trail',
    group: 'Go to',
    keys: 'g a',
    menu: 'go',
    words: 'history changes log',
    when: ({ workspaceId, may }) => workspaceId !== null && may('audit.list'),
    run: ({ navigate, workspaceId }) =>
      workspaceId && navigate({ to: '/w/$workspaceId/audit', params: { workspaceId } }),
  },
  'audit.verify': {
    title: 'Verify the audit trail',
    group: 'Workspace',
    words: 'integrity chain hash tamper checkpoints',
    when: ({ workspaceId, may }) => workspaceId !== null && may('audit.verify'),
    run: ({ navigate, workspaceId }) =>
      workspaceId && navigate({ to: '/w/$workspaceId/audit', params: { workspaceId }, search: { do: 'verify' } }),
  },
  'audit.export': {
    title: 'Export the audit trail',
    group: 'Workspace',
    words: 'download csv jsonl file',
    when: ({ workspaceId, may }) => workspaceId !== null && may('audit.export'),
    run: ({ navigate, workspaceId }) =>
      workspaceId && navigate({ to: '/w/$workspaceId/audit', params: { workspaceId }, search: { do: 'export' } }),
  },
  'audit.erase': {
    title: 'Erase a person’s data from the audit trail',
    group: 'Workspace',
    words: 'gdpr personal data forget',
    when: ({ workspaceId, may }) => workspaceId !== null && may('audit.erase'),
    run: ({ navigate, workspaceId }) =>
      workspaceId && navigate({ to: '/w/$workspaceId/audit', params: { workspaceId }, search: { do: 'erase' } }),
  },
})
