import { createFileRoute } from '@tanstack/react-router'
import { EntranceError } from '../people/sign-in/entrance-error.tsx'
import { ForgotPage } from '../people/sign-in/forgot-page.tsx'

export const Route = createFileRoute('/forgot')({
  loader: ({ context: { queryClient, trpc } }) => queryClient.ensureQueryData(trpc.setup.status.queryOptions({})),
  component: ForgotPage,
  errorComponent: EntranceError,
})
