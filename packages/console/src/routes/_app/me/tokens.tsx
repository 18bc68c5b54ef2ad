import { createFileRoute } from '@tanstack/react-router'
import { TokensPage } from '../../../people/me/tokens-page.tsx'
import { tokenPages } from '../../../people/me/tokens.ts'

export const Route = createFileRoute('/_app/me/tokens')({
  loader: ({ context: { queryClient } }) => void queryClient.prefetchInfiniteQuery(tokenPages),
  component: TokensPage,
})
