import { workspace as shapes } from '@steward/api/schema'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { trpc } from '../../session/trpc.ts'
import { useChange } from '../../ui/change.ts'
import { Combobox } from '../../ui/combobox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormField, TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'

interface Props {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** The account it goes to; the person's own by default. */
  accountId?: string
}

export function NewWorkspaceDialog({ open, onOpenChange, accountId }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New workspace"
      description="A workspace contains bots and the people who work on them. You become its owner."
    >
      <NewWorkspaceForm accountId={accountId} onClose={() => onOpenChange(false)} />
    </Dialog>
  )
}

function NewWorkspaceForm({ accountId, onClose }: { accountId: string | undefined; onClose: () => void }) {
  const { data } = useQuery(trpc.account.list.queryOptions({ pageSize: 100 }))
  const accounts = data?.accounts ?? []
  const own = accounts.find(({ kind }) => kind === 'individual')?.id
  const navigate = useNavigate()
  const create = useChange(trpc.workspace.create.mutationOptions(), {
    quiet: true,
    refresh: () => [trpc.workspace.list.pathFilter(), trpc.account.pathFilter()],
    done: ({ name }) => `${name} created`,
  })
  const form = useForm({
    schema: shapes.createWorkspaceInput,
    initial: { name: '', accountId: accountId ?? own ?? '' },
    input: (values) => ({ name: values.name.trim(), ...(values.accountId && { accountId: values.accountId }) }),
    draft: 'new workspace',
    submit: async (input) => {
      const made = await create.mutateAsync(input)
      await navigate({ to: '/w/$workspaceId/home', params: { workspaceId: made.id } })
    },
  })
  return (
    <Form form={form}>
      <TextField form={form} name="name" label="Name" autoFocus maxLength={64} placeholder="Customer support" />
      <FormField form={form} name="accountId" label="Account" help="It owns the workspace and pays for it.">
        {({ value, set, ...control }) => (
          <Combobox
            {...control}
            value={String(value)}
            onChange={set}
            empty="No matching account."
            options={accounts.map(({ id, name, kind }) => ({
              value: id,
              label: name,
              hint: kind === 'individual' ? 'you' : 'organization',
            }))}
          />
        )}
      </FormField>
      <FormActions form={form} action="Create workspace" onCancel={onClose} />
    </Form>
  )
}
