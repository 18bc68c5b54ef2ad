import { createFileRoute, redirect } from '@tanstack/react-router'
import { connection } from '../../../session/connection.ts'
import { SessionsPage } from '../../../people/me/sessions-page.tsx'
import { sessionsSearch } from '../../../people/me/me.search.ts'

export const Route = createFileRoute('/_app/me/sessions')({
  validateSearch: sessionsSearch,
  beforeLoad: () => {
    if (connection.kind === 'local') throw redirect({ to: '/me/profile', replace: true })
  },
  component: SessionsPage,
})
