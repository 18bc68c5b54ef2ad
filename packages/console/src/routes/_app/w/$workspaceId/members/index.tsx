import { createFileRoute } from '@tanstack/react-router'
import { MembersPage } from '../../../../../people/member/members-page.tsx'

export const Route = createFileRoute('/_app/w/$workspaceId/members/')({ component: MembersPage })
