import { createFileRoute } from '@tanstack/react-router'
import { AccountPage } from '../../../people/account/account-page.tsx'

export const Route = createFileRoute('/_app/accounts/$accountId')({
  loader: ({ context: { queryClient, trpc }, params: { accountId } }) =>
    queryClient.ensureQueryData(trpc.account.get.queryOptions({ accountId })),
  component: AccountPage,
})
