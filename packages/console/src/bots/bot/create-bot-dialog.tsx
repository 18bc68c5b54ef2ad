import { bot as shapes } from '@steward/api/schema'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { trpc } from '../../session/trpc.ts'
import { useChange } from '../../ui/change.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { CheckboxField, SelectField, TextField, TextareaField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { withoutBlanks } from '../../ui/form/paths.ts'
import { useForm } from '../../ui/form/use-form.ts'
import { useWorkspace } from '../../session/use-workspace.ts'
import type { Bot } from './bot.ts'
import { typeOptions } from './bot-labels.ts'
import { ShownOnce } from './shown-once.tsx'

interface Props {
  open: boolean
  /** Ticked from the start, where development bots are listed. */
  dev: boolean
  onClose: () => void
}

export function CreateBotDialog({ open, dev, onClose }: Props) {
  const { workspaceId } = useWorkspace()
  const navigate = useNavigate()
  const [made, setMade] = useState<Pick<Bot, 'id' | 'name' | 'signingSecret'> | null>(null)
  if (made)
    return (
      <ShownOnce
        title={`${made.name} created`}
        about="Its signing secret lets the bot’s code verify that a request comes from Steward."
        noun="signing secret"
        value={made.signingSecret}
        done="Open bot"
        onClose={() => {
          setMade(null)
          void navigate({ to: '/w/$workspaceId/bots/$botId/overview', params: { workspaceId, botId: made.id } })
        }}
      />
    )
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="New bot"
      description="It starts empty. You can add its configuration and code next."
    >
      <CreateForm dev={dev} onClose={onClose} onMade={setMade} />
    </Dialog>
  )
}

interface FormProps {
  dev: boolean
  onClose: () => void
  onMade: (bot: Bot) => void
}

const empty = { name: '', type: 'studio' as Bot['type'], description: '', dev: false, url: '' }

function CreateForm({ dev, onClose, onMade }: FormProps) {
  const { workspaceId } = useWorkspace()
  const create = useChange(trpc.bot.create.mutationOptions(), {
    refresh: () => [trpc.bot.list.pathFilter(), trpc.workspace.get.pathFilter()],
    quiet: true,
  })
  const form = useForm({
    schema: shapes.createBotInput,
    initial: { ...empty, dev },
    input: ({ name, url, dev: isDev, ...rest }) => ({
      workspaceId,
      ...withoutBlanks({ ...rest, name: name.trim(), url: isDev ? url.trim() : '' }),
      ...(isDev && { dev: true }),
    }),
    draft: `new bot ${workspaceId}`,
    submit: async (input) => onMade((await create.mutateAsync(input)).bot),
  })
  return (
    <Form form={form}>
      <TextField
        form={form}
        name="name"
        label="Name"
        optional
        help="If left empty, Steward picks a name such as quiet-otter-3f2a."
        maxLength={200}
        autoComplete="off"
        autoFocus
      />
      <SelectField form={form} name="type" label="Type" options={typeOptions} />
      <TextareaField form={form} name="description" label="Description" optional rows={2} />
      <CheckboxField
        form={form}
        name="dev"
        label="Development bot"
        help="Runs on a developer’s machine, is listed separately and is not counted. This cannot be changed later."
      />
      {form.values.dev && (
        <TextField
          form={form}
          name="url"
          label="Address"
          optional
          help="The URL where its code listens, such as http://localhost:8075."
          spellCheck={false}
          autoComplete="off"
        />
      )}
      <FormActions form={form} action="Create bot" onCancel={onClose} />
    </Form>
  )
}
