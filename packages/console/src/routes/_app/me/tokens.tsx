import { createFileRoute } from '@tanstack/react-router'
import { TokensPage } from '../../../me/tokens-page.tsx'
import { tokenPages } from '../../../me/tokens.ts'

export const Route = createFileRoute('/_app/me/tokens')({
  loader: ({ context: { queryClient } }) => void queryClient.prefetchInfiniteQuery(tokenPages),
  component: TokensPage,
})
