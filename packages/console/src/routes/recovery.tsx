import { createFileRoute } from '@tanstack/react-router'
import { EntranceError } from '../people/sign-in/entrance-error.tsx'
import { secretOfLink } from '../people/sign-in/link-secret.ts'
import { RecoveryPage } from '../people/sign-in/recovery-page.tsx'

/** A recovery link is `/recovery#stw_rec_…`. */
export const Route = createFileRoute('/recovery')({
  loader: async ({ context: { client }, location }) => {
    const secret = secretOfLink('recovery', location.hash)
    if (secret === '') throw new Error('This link is not complete. Open the full link that you received.')
    return { secret, link: await client.recovery.lookup.mutate({ secret }) }
  },
  // Looked up once: when it has been used, the page says so and does not ask again.
  staleTime: Number.POSITIVE_INFINITY,
  component: RecoveryPage,
  errorComponent: EntranceError,
})
