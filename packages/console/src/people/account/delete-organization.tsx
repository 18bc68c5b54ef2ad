import { useInfiniteQuery, useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { meOptions } from '../../session/me.ts'
import { writeSetting } from '../../base/setting.ts'
import { queryClient, trpc } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Surface } from '../../ui/surface.tsx'
import { toast } from '../../ui/toast.ts'
import { type Account, workspacePages } from './accounts.ts'

/** The end of an organization, with its one remaining, empty workspace. */
export function DeleteOrganization({ account }: { account: Account }) {
  const { data: workspaces = [], hasNextPage } = useInfiniteQuery(workspacePages(account.id))
  const { data: me } = useSuspenseQuery(meOptions())
  const [open, setOpen] = useState(false)
  const router = useRouter()
  const remove = useMutation(trpc.account.delete.mutationOptions())
  if (account.kind === 'individual') return null
  const [only] = workspaces
  const several = workspaces.length > 1 || hasNextPage
  const bots = only?.botCount ?? 0
  const owner = only?.ownerId === me.account.id
  const possible = !several && bots === 0 && owner
  const confirm = async (): Promise<void> => {
    await remove.mutateAsync({ accountId: account.id })
    writeSetting('workspace', null)
    toast({ title: `${account.name} deleted` })
    await router.navigate({ to: '/accounts', replace: true })
    queryClient.removeQueries(trpc.account.get.queryFilter({ accountId: account.id }))
    await Promise.all([
      queryClient.invalidateQueries(trpc.account.list.pathFilter()),
      queryClient.invalidateQueries(trpc.workspace.list.pathFilter()),
    ])
  }
  return (
    <Surface danger title="Delete organization">
      <p className="max-w-prose text-n11">
        {several
          ? 'It still owns several workspaces. Delete or transfer all but one first.'
          : bots > 0
            ? `Its last workspace, ${only?.name}, still has bots. Delete them first.`
            : only && !owner
              ? `Only the owner of its last workspace, ${only.name}, can delete both.`
              : 'Permanently deletes the account and its last, empty workspace. The audit trails stay.'}
      </p>
      <Button look="dangerQuiet" className="mt-4" disabled={!possible} onClick={() => setOpen(true)}>
        Delete organization…
      </Button>
      <Confirm
        open={open}
        onOpenChange={setOpen}
        title={`Delete ${account.name}?`}
        action="Delete organization"
        danger
        typedName={account.name}
        onConfirm={confirm}
      >
        <p>{only?.name} and its memberships are deleted, too. This cannot be undone.</p>
      </Confirm>
    </Surface>
  )
}
