import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RouterOutputs } from '@steward/api'
import { trpc } from '../trpc.ts'
import { Skeleton } from '../ui/skeleton.tsx'

type Account = RouterOutputs['account']['list']['accounts'][number]

/** Accounts to look through; who administers more finds theirs on the accounts page. */
const most = 20

/** Which of the person's accounts owns the workspace: undefined while it is looked for, null when none of them does. */
export function useOwnerAccount(workspaceId: string): { account: Account | null | undefined; last: boolean } {
  const { data } = useQuery(trpc.account.list.queryOptions({ pageSize: 100 }))
  const accounts = (data?.accounts ?? []).slice(0, most)
  const lists = useQueries({
    queries: accounts.map(({ id }) => trpc.account.listWorkspaces.queryOptions({ accountId: id, pageSize: 100 })),
  })
  const at = lists.findIndex((list) => list.data?.workspaces.some(({ id }) => id === workspaceId))
  const found = accounts[at]
  if (found) return { account: found, last: lists[at]?.data?.workspaces.length === 1 }
  return { account: data && lists.every(({ isPending }) => !isPending) ? null : undefined, last: false }
}

/** The account that owns the workspace and pays for it, where the person administers it. */
export function OwnerAccount({ workspaceId }: { workspaceId: string }) {
  const { account } = useOwnerAccount(workspaceId)
  if (account === undefined) return <Skeleton />
  if (account === null) return <span className="text-n11">One that you do not administer</span>
  return (
    <Link
      to="/accounts/$accountId"
      params={{ accountId: account.id }}
      className="text-accent-text underline-offset-3 hover:underline"
    >
      {account.name}
    </Link>
  )
}
