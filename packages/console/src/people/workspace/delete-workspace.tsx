import { useMutation } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useCommands } from '../../commands/command-center.tsx'
import { writeSetting } from '../../base/setting.ts'
import { queryClient, trpc } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Surface } from '../../ui/surface.tsx'
import { count } from '../../ui/time-text.ts'
import { toast } from '../../ui/toast.ts'
import { useOwnerAccount } from './owner-account.tsx'
import { useRolesFor } from '../../session/roles-for.ts'
import { useWorkspace } from '../../session/use-workspace.ts'

/** The end of a workspace. The last one of an account stays: that is said before it is tried. */
export function DeleteWorkspace() {
  const { workspaceId, workspace, may } = useWorkspace()
  const { account, last } = useOwnerAccount()
  const allowed = may('workspace.delete')
  const roles = useRolesFor('workspace.delete')
  const [open, setOpen] = useState(false)
  const router = useRouter()
  const remove = useMutation(trpc.workspace.delete.mutationOptions())
  useCommands(allowed && !last ? { 'workspace.delete': () => setOpen(true) } : {})
  const confirm = async (): Promise<void> => {
    await remove.mutateAsync({ id: workspaceId })
    writeSetting('workspace', null)
    toast({ title: `${workspace.name} deleted` })
    await queryClient.invalidateQueries(trpc.workspace.list.pathFilter())
    await router.navigate({ to: '/', replace: true })
    queryClient.removeQueries(trpc.workspace.get.queryFilter({ id: workspaceId }))
    await queryClient.invalidateQueries(trpc.account.pathFilter())
  }
  return (
    <Surface danger={allowed} title="Delete workspace">
      <p className="max-w-prose text-n11">
        {!allowed
          ? `Its ${roles} can delete it.`
          : last
            ? 'This is the only workspace of its account, and an account needs at least one. '
            : 'Permanently deletes its bots with their versions and keys, its members and its settings. Its audit trail stays.'}
        {allowed && last && account && <LastWorkspaceNote accountId={account.id} kind={account.kind} />}
      </p>
      {allowed && (
        <Button look="dangerQuiet" className="mt-4" onClick={() => setOpen(true)} disabled={last}>
          Delete workspace…
        </Button>
      )}
      <Confirm
        open={open}
        onOpenChange={setOpen}
        title={`Delete ${workspace.name}?`}
        action="Delete workspace"
        danger
        typedName={workspace.name}
        onConfirm={confirm}
      >
        <p>
          {workspace.botCount > 0
            ? `${count(workspace.botCount, ['bot', 'bots'])} and everything else in it are`
            : 'Everything in it is'}{' '}
          deleted immediately, for all members. This cannot be undone.
        </p>
      </Confirm>
    </Surface>
  )
}

/** What can be done instead. */
function LastWorkspaceNote({ accountId, kind }: { accountId: string; kind: 'organization' | 'individual' }) {
  return (
    <>
      Create another workspace there first
      {kind === 'organization' ? ', or delete the whole account: both on ' : ': on '}
      <Link to="/accounts/$accountId" params={{ accountId }} className="text-accent-text underline underline-offset-2">
        the account’s page
      </Link>
      .
    </>
  )
}
