import { createFileRoute } from '@tanstack/react-router'
import { AccountsPage } from '../../../people/account/accounts-page.tsx'
import { accountPages } from '../../../people/account/accounts.ts'
import { accountsSearch } from '../../../people/account/account.search.ts'

export const Route = createFileRoute('/_app/accounts/')({
  validateSearch: accountsSearch,
  loader: ({ context: { queryClient } }) => void queryClient.prefetchInfiniteQuery(accountPages),
  component: AccountsPage,
})
