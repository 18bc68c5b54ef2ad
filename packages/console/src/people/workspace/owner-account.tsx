import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { RouterOutputs } from '@steward/api'
import { trpc } from '../../session/trpc.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useWorkspace } from '../../session/use-workspace.ts'

type Account = RouterOutputs['account']['list']['accounts'][number]

/** The account that owns the workspace: undefined while it is asked for, null when the person does not administer it. */
export function useOwnerAccount(): { account: Account | null | undefined; last: boolean } {
  const { workspace } = useWorkspace()
  const { data } = useQuery(trpc.account.list.queryOptions({ pageSize: 100 }))
  const account = data && (data.accounts.find(({ id }) => id === workspace.accountId) ?? null)
  const beside = useQuery({
    ...trpc.account.listWorkspaces.queryOptions({ accountId: account?.id ?? '', pageSize: 2 }),
    enabled: Boolean(account),
  })
  return { account, last: beside.data?.workspaces.length === 1 }
}

/** The account that owns the workspace and pays for it, where the person administers it. */
export function OwnerAccount() {
  const { account } = useOwnerAccount()
  if (account === undefined) return <Skeleton />
  if (account === null) return <span className="text-n11">An account you do not administer</span>
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
