import { createFileRoute } from '@tanstack/react-router'
import { EntranceError } from '../sign-in/entrance-error.tsx'
import { textOf } from '../search.ts'
import { SetUpPage } from '../sign-in/set-up-page.tsx'

/** The printed link is `/set-up?code=…`. */
export const Route = createFileRoute('/set-up')({
  validateSearch: (search: Record<string, unknown>): { code?: string } => {
    const code = textOf(search, 'code')
    return code ? { code } : {}
  },
  loader: ({ context: { queryClient, trpc } }) => queryClient.fetchQuery(trpc.setup.status.queryOptions({})),
  component: SetUpPage,
  errorComponent: EntranceError,
})
