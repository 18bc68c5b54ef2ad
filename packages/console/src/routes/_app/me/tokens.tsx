import { createFileRoute } from '@tanstack/react-router'
import { TokensPage } from '../../../people/me/tokens-page.tsx'
import { tokenPages } from '../../../people/me/tokens.ts'
import { tokensSearch } from '../../../people/me/me.search.ts'

export const Route = createFileRoute('/_app/me/tokens')({
  validateSearch: tokensSearch,
  loader: ({ context: { queryClient } }) => void queryClient.prefetchInfiniteQuery(tokenPages),
  component: TokensPage,
})
