import { createFileRoute } from '@tanstack/react-router'
import { EntranceError } from '../people/sign-in/entrance-error.tsx'
import { SetUpPage } from '../people/sign-in/set-up-page.tsx'

/** The printed link is `/set-up#stw_set_…`. */
export const Route = createFileRoute('/set-up')({
  loader: ({ context: { queryClient, trpc } }) => queryClient.fetchQuery(trpc.setup.status.queryOptions({})),
  component: SetUpPage,
  errorComponent: EntranceError,
})
