import { createFileRoute } from '@tanstack/react-router'
import { AccountPage } from '../../../people/account/account-page.tsx'
import { accountSearch } from '../../../people/account/account.search.ts'

export const Route = createFileRoute('/_app/accounts/$accountId')({
  validateSearch: accountSearch,
  loader: ({ context: { queryClient, trpc }, params: { accountId } }) =>
    queryClient.ensureQueryData(trpc.account.get.queryOptions({ accountId })),
  component: AccountPage,
})
