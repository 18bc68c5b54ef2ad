import { createFileRoute } from '@tanstack/react-router'
import { RolesPage } from '../../../../../people/member/roles-page.tsx'

export const Route = createFileRoute('/_app/w/$workspaceId/members/roles')({ component: RolesPage })
