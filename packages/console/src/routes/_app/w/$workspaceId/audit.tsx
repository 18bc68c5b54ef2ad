import { createFileRoute } from '@tanstack/react-router'
import { AuditPage } from '../../../../audit/audit-page.tsx'
import { auditSearch } from '../../../../audit/audit.search.ts'

export const Route = createFileRoute('/_app/w/$workspaceId/audit')({
  validateSearch: auditSearch,
  component: AuditPage,
})
