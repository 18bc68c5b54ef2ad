import { createFileRoute, redirect } from '@tanstack/react-router'
import { EntranceError } from '../people/sign-in/entrance-error.tsx'
import { localPath } from '../base/links.ts'
import { textOf } from '../base/search.ts'
import { SignInPage } from '../people/sign-in/sign-in-page.tsx'

export const Route = createFileRoute('/sign-in')({
  validateSearch: (search: Record<string, unknown>): { next?: string; error?: string; step?: 'code' } => {
    const next = localPath(textOf(search, 'next'))
    const error = textOf(search, 'error')
    return {
      ...(next !== null && { next }),
      ...(error !== undefined && { error }),
      ...(textOf(search, 'step') === 'code' && { step: 'code' }),
    }
  },
  beforeLoad: async ({ context: { queryClient, trpc } }) => {
    const { state } = await queryClient.fetchQuery(trpc.setup.status.queryOptions({}))
    if (state === 'unclaimed') throw redirect({ to: '/set-up' })
  },
  component: SignInPage,
  errorComponent: EntranceError,
})
