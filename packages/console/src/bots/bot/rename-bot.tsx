import { z } from 'zod'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { useWorkspace } from '../../session/use-workspace.ts'
import { type BotSummary, latestBot, useUpdateBot } from './bot.ts'

const shape = z.object({ name: z.string().trim().min(1).max(200) })

export function RenameBot({ bot, onClose }: { bot: BotSummary; onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Rename bot">
      <RenameForm bot={bot} onClose={onClose} />
    </Dialog>
  )
}

function RenameForm({ bot, onClose }: { bot: BotSummary; onClose: () => void }) {
  const { workspaceId } = useWorkspace()
  const { update } = useUpdateBot({ done: ({ name }) => `Renamed to ${name}`, quiet: true })
  const form = useForm({
    schema: shape,
    saved: { name: bot.name },
    latest: async () => ({ name: (await latestBot({ workspaceId, id: bot.id })).name }),
    submit: ({ name }) => update({ workspaceId, id: bot.id, name: name.trim() }, bot),
  })
  return (
    <Form form={form} onDone={onClose}>
      <TextField
        form={form}
        name="name"
        label="Name"
        help="Its id and its URL stay the same."
        autoComplete="off"
        autoFocus
      />
      <FormActions form={form} action="Rename" onCancel={onClose} />
    </Form>
  )
}
