import { createFileRoute } from '@tanstack/react-router'
import { MembersPage } from '../../../../../people/member/members-page.tsx'
import { membersSearch } from '../../../../../people/member/member.search.ts'

export const Route = createFileRoute('/_app/w/$workspaceId/members/')({
  validateSearch: membersSearch,
  component: MembersPage,
})
