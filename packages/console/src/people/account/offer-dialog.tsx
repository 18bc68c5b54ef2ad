import { transfer as shapes } from '@steward/api/schema'
import { trpc } from '../../session/trpc.ts'
import { useChange } from '../../ui/change.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { missing } from '../../ui/form/issue-message.ts'
import { useForm } from '../../ui/form/use-form.ts'
import type { Workspace } from '../../session/workspaces.ts'

interface Props {
  accountId: string
  workspace: Workspace | null
  onClose: () => void
}

/** Offers a workspace to the account with an id; nothing moves before the other side accepts. */
export function OfferDialog({ accountId, workspace, onClose }: Props) {
  return (
    <Dialog
      open={workspace !== null}
      onOpenChange={(open) => open || onClose()}
      title={workspace ? `Transfer ${workspace.name}` : 'Transfer workspace'}
      description="When the other account accepts, it owns the workspace and pays for it. Members, bots and handle stay as they are. The transfer expires after 7 days."
    >
      {workspace && <OfferForm accountId={accountId} workspaceId={workspace.id} onClose={onClose} />}
    </Dialog>
  )
}

function OfferForm({
  accountId,
  workspaceId,
  onClose,
}: {
  accountId: string
  workspaceId: string
  onClose: () => void
}) {
  const offer = useChange(trpc.account.offerWorkspace.mutationOptions(), {
    quiet: true,
    refresh: () => [trpc.account.listTransfers.pathFilter()],
    done: ({ workspaceName }) => `Transfer of ${workspaceName} started`,
  })
  const form = useForm({
    schema: shapes.offerWorkspaceInput,
    initial: { toAccountId: '' },
    input: ({ toAccountId }) => ({ accountId, workspaceId, toAccountId: toAccountId.trim() }),
    wrong: ({ toAccountId }) => ({ toAccountId: toAccountId.trim() === '' && missing }),
    submit: async (input) => {
      await offer.mutateAsync(input)
      onClose()
    },
  })
  return (
    <Form form={form} className="max-w-none">
      <TextField
        form={form}
        name="toAccountId"
        label="Id of the other account"
        placeholder="accnt_…"
        help="An administrator of that account can accept it on the account’s page."
        autoComplete="off"
        spellCheck={false}
        autoFocus
      />
      <FormActions form={form} action="Transfer workspace" onCancel={onClose} />
    </Form>
  )
}
