import { createFileRoute } from '@tanstack/react-router'
import { AccountsPage } from '../../../accounts/accounts-page.tsx'
import { accountPages } from '../../../accounts/accounts.ts'

export const Route = createFileRoute('/_app/accounts/')({
  loader: ({ context: { queryClient } }) => void queryClient.prefetchInfiniteQuery(accountPages),
  component: AccountsPage,
})
