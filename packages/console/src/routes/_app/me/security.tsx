import { createFileRoute, redirect } from '@tanstack/react-router'
import { connection } from '../../../session/connection.ts'
import { SecurityPage } from '../../../people/me/security-page.tsx'

export const Route = createFileRoute('/_app/me/security')({
  beforeLoad: () => {
    if (connection.kind === 'local') throw redirect({ to: '/me/profile', replace: true })
  },
  component: SecurityPage,
})
