import { createFileRoute, redirect } from '@tanstack/react-router'
import { connection } from '../../../session/connection.ts'
import { SessionsPage } from '../../../people/me/sessions-page.tsx'

export const Route = createFileRoute('/_app/me/sessions')({
  beforeLoad: () => {
    if (connection.kind === 'local') throw redirect({ to: '/me/profile', replace: true })
  },
  component: SessionsPage,
})
