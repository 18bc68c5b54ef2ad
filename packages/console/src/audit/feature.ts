import { History } from 'lucide-react'
import { defineFeature } from '../commands/feature.ts'
import { trpc } from '../session/trpc.ts'
import { auditCommands } from './commands.ts'

export const auditFeature = defineFeature({
  commands: auditCommands,
  section: {
    to: '/w/$workspaceId/audit',
    label: 'Audit',
    icon: History,
    command: 'go.audit',
    permission: 'audit.list',
  },
  // Every commit leaves a record.
  refreshAlways: () => [trpc.audit.pathFilter()],
})
