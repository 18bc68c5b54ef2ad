import { createFileRoute, redirect } from '@tanstack/react-router'
import { EntranceError } from '../sign-in/entrance-error.tsx'
import { textOf } from '../search.ts'
import { SignInPage } from '../sign-in/sign-in-page.tsx'

export const Route = createFileRoute('/sign-in')({
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = textOf(search, 'next')
    // Only addresses of this console: what a link brings must not lead elsewhere after sign-in.
    return next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? { next } : {}
  },
  beforeLoad: async ({ context: { queryClient, trpc } }) => {
    const { state } = await queryClient.fetchQuery(trpc.setup.status.queryOptions({}))
    if (state === 'unclaimed') throw redirect({ to: '/set-up' })
  },
  component: SignInPage,
  errorComponent: EntranceError,
})
