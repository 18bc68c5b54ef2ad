import { createFileRoute } from '@tanstack/react-router'
import { RolesPage } from '../../../../../people/member/roles-page.tsx'
import { rolesSearch } from '../../../../../people/member/member.search.ts'

export const Route = createFileRoute('/_app/w/$workspaceId/members/roles')({
  validateSearch: rolesSearch,
  component: RolesPage,
})
