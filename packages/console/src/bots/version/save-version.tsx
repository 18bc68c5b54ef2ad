import { version as shapes } from '@steward/api/schema'
import { trpc } from '../../session/trpc.ts'
import { useChange } from '../../ui/change.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField, TextareaField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { withoutBlanks } from '../../ui/form/paths.ts'
import { useForm } from '../../ui/form/use-form.ts'
import { useBot } from '../bot/bot.ts'
import { nextVersionName } from '../bot/bot-labels.ts'
import { useVersionNames } from './versions.ts'

export function SaveVersion({ onClose }: { onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Save a version"
      description="Saves the bot’s definition and code as they are now, so that you can compare and deploy them later."
    >
      <SaveForm onClose={onClose} />
    </Dialog>
  )
}

function SaveForm({ onClose }: { onClose: () => void }) {
  const { at } = useBot()
  const { versions } = useVersionNames()
  const save = useChange(trpc.version.create.mutationOptions(), {
    done: ({ version }) => `${version.name} saved`,
    refresh: () => [trpc.version.pathFilter()],
    quiet: true,
  })
  const named = versions.find(({ name }) => nextVersionName(name) !== '')
  const form = useForm({
    schema: shapes.createBotVersionInput.refine(({ name }) => name.trim() !== '', {
      path: ['name'],
      message: 'Required.',
    }),
    initial: { name: nextVersionName(named?.name), description: '', note: '' },
    input: (values) => ({ ...at, ...withoutBlanks(values), name: values.name.trim() }),
    submit: (input) => save.mutateAsync(input),
    draft: `new version ${at.id}`,
  })
  return (
    <Form form={form} onDone={onClose}>
      <TextField
        form={form}
        name="name"
        label="Name"
        maxLength={200}
        placeholder="1.0.0"
        autoComplete="off"
        autoFocus
      />
      <TextareaField form={form} name="description" label="Description" optional help="What it contains." rows={2} />
      <TextareaField form={form} name="note" label="Note" optional help="Why you saved it, for your team." rows={2} />
      <FormActions form={form} action="Save version" onCancel={onClose} />
    </Form>
  )
}
