import { me as shapes } from '@steward/api/schema'
import { useQuery } from '@tanstack/react-query'
import { serverNow } from '../../base/clock.ts'
import { trpc } from '../../session/trpc.ts'
import { useChange } from '../../ui/change.ts'
import { Combobox } from '../../ui/combobox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormField, SelectField, TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { Input } from '../../ui/input.tsx'
import { allWorkspacesOptions } from '../../session/workspaces.ts'
import { ScopesPicker } from './scopes-picker.tsx'
import { endOf, lives } from './token-life.ts'
import { noScopes, type ScopeLevels, scopesOf } from './token-scopes.ts'

interface Props {
  open: boolean
  onOpenChange: (open: boolean) => void
  onMade: (token: { value: string; note: string }) => void
}

export function CreateTokenDialog({ open, onOpenChange, onMade }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New token"
      description="Give it only the access its program needs."
    >
      <CreateTokenForm onMade={onMade} onCancel={() => onOpenChange(false)} />
    </Dialog>
  )
}

interface Values {
  note: string
  narrowed: boolean
  scopes: ScopeLevels
  boundWorkspaceId: string
  expiresAt: string
  day: string
}

const everywhere = 'everywhere'

const inputOf = ({ note, narrowed, scopes, boundWorkspaceId, expiresAt, day }: Values) => {
  const end = endOf(expiresAt, day, serverNow())
  return {
    note: note.trim(),
    ...(narrowed && { scopes: scopesOf(scopes) }),
    ...(boundWorkspaceId !== everywhere && { boundWorkspaceId }),
    ...(end !== undefined && { expiresAt: end }),
  }
}

function CreateTokenForm({ onMade, onCancel }: { onMade: Props['onMade']; onCancel: () => void }) {
  const { data: workspaces = [] } = useQuery(allWorkspacesOptions())
  const create = useChange(trpc.me.createToken.mutationOptions(), {
    quiet: true,
    refresh: () => [trpc.me.listTokens.pathFilter()],
  })
  const form = useForm<Values, ReturnType<typeof inputOf>>({
    schema: shapes.createPersonalAccessTokenInput,
    initial: { note: '', narrowed: true, scopes: noScopes, boundWorkspaceId: everywhere, expiresAt: '90', day: '' },
    input: inputOf,
    draft: 'new token',
    wrong: (values) => ({
      note: values.note.trim() === '' && 'Say what it is for, so that you know later what depends on it.',
      scopes: inputOf(values).scopes?.length === 0 && 'Choose at least one permission.',
    }),
    submit: async (input) => {
      const { pat } = await create.mutateAsync(input)
      onMade({ value: pat.value, note: pat.note })
    },
  })
  const { narrowed, expiresAt } = form.values
  return (
    <Form form={form} className="max-w-none">
      <TextField
        form={form}
        name="note"
        label="What is it for?"
        placeholder="Continuous integration"
        autoFocus
        maxLength={1000}
      />
      <ScopesPicker
        id={form.idOf('scopes')}
        error={form.errorAt('scopes')}
        narrowed={narrowed}
        levels={form.values.scopes}
        onNarrow={(next) => form.set('narrowed', next)}
        onChange={(next) => form.set('scopes', next)}
      />
      <div className="grid grid-cols-2 items-start gap-4">
        <FormField
          form={form}
          name="boundWorkspaceId"
          label="Workspaces"
          help={
            form.values.boundWorkspaceId === everywhere
              ? undefined
              : 'It has no access to other workspaces and cannot create any.'
          }
        >
          {({ value, set, ...control }) => (
            <Combobox
              {...control}
              value={String(value)}
              onChange={set}
              empty="No matching workspace."
              options={[
                { value: everywhere, label: 'In all your workspaces' },
                ...workspaces.map(({ id, name }) => ({ value: id, label: name })),
              ]}
            />
          )}
        </FormField>
        <SelectField
          form={form}
          name="expiresAt"
          label={expiresAt === 'day' ? 'Expires' : 'Expires after'}
          options={lives}
        />
        {expiresAt === 'day' && (
          <FormField form={form} name="day" label="Last day">
            {({ value, set, ...control }) => (
              <Input {...control} type="date" value={String(value)} onChange={(event) => set(event.target.value)} />
            )}
          </FormField>
        )}
      </div>
      <FormActions form={form} action="Create token" onCancel={onCancel} />
    </Form>
  )
}
