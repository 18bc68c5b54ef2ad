import { account as shapes } from '@steward/api/schema'
import { useNavigate } from '@tanstack/react-router'
import { trpc } from '../../session/trpc.ts'
import { useChange } from '../../ui/change.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'

interface Props {
  open: boolean
  onOpenChange: (open: boolean) => void
}

export function NewOrganizationDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New organization"
      description="A separate customer with a first workspace. You become its administrator and the owner of the workspace."
    >
      <NewOrganizationForm onClose={() => onOpenChange(false)} />
    </Dialog>
  )
}

function NewOrganizationForm({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const create = useChange(trpc.account.create.mutationOptions(), {
    quiet: true,
    refresh: () => [trpc.account.pathFilter(), trpc.workspace.list.pathFilter()],
    done: ({ account }) => `${account.name} created`,
  })
  const form = useForm({
    schema: shapes.createCustomerInput,
    initial: { name: '', workspaceName: '' },
    input: ({ name, workspaceName }) => ({ name: name.trim(), workspaceName: workspaceName.trim() }),
    draft: 'new organization',
    submit: async (input) => {
      const { account } = await create.mutateAsync(input)
      await navigate({ to: '/accounts/$accountId', params: { accountId: account.id } })
    },
  })
  return (
    <Form form={form}>
      <TextField
        form={form}
        name="name"
        label="Name"
        autoFocus
        maxLength={100}
        placeholder="Northwind"
        help="You can add legal and billing details later."
      />
      <TextField
        form={form}
        name="workspaceName"
        label="First workspace"
        maxLength={64}
        placeholder="Customer support"
      />
      <FormActions form={form} action="Create organization" onCancel={onClose} />
    </Form>
  )
}
