import { createFileRoute, redirect } from '@tanstack/react-router'
import { connection } from '../../../session/connection.ts'
import { SecurityPage } from '../../../people/me/security-page.tsx'
import { securitySearch } from '../../../people/me/me.search.ts'

export const Route = createFileRoute('/_app/me/security')({
  validateSearch: securitySearch,
  beforeLoad: () => {
    if (connection.kind === 'local') throw redirect({ to: '/me/profile', replace: true })
  },
  component: SecurityPage,
})
