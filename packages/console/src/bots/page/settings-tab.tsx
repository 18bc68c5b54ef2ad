import { z } from 'zod'
import { Button } from '../../ui/button.tsx'
import { Form, FormActions, SelectField, TextField, TextareaField } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { Fact, Facts, Surface } from '../../ui/surface.tsx'
import { State } from '../../ui/badge.tsx'
import { bot as shapes } from '@steward/api/schema'
import { useBot, useUpdateBot } from '../bot/bot.ts'
import { useBotRights } from '../bot/bot-rights.ts'
import { typeOptions, typeLabels } from '../bot/bot-labels.ts'
import { useBotDialog } from '../bot/bot-dialog.ts'
import { useRolesThatMay } from '../../session/roles-for.ts'
import { SecretsPanel } from '../access/secrets-panel.tsx'
import { TagsPanel } from '../bot/tags-panel.tsx'

export function SettingsTab() {
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <General />
      <TagsPanel />
      <SecretsPanel />
      <Signing />
      <Danger />
    </div>
  )
}

const shape = z.object({
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2000),
  type: shapes.botType,
})

function General() {
  const { bot, at } = useBot()
  const { change } = useBotRights()
  const { update } = useUpdateBot({ done: () => 'Bot changed', quiet: true })
  const form = useForm({
    schema: shape,
    initial: { name: bot.name, description: bot.description ?? '', type: bot.type },
    submit: (values) =>
      update(
        {
          ...at,
          ...(values.name.trim() !== bot.name && { name: values.name.trim() }),
          ...(values.description !== (bot.description ?? '') && { description: values.description }),
          ...(values.type !== bot.type && { type: values.type }),
        },
        bot,
      ),
  })
  return (
    <Surface title="General">
      {change ? (
        <Form form={form} guard>
          <TextField form={form} name="name" label="Name" autoComplete="off" />
          <TextareaField form={form} name="description" label="Description" optional rows={3} />
          <SelectField form={form} name="type" label="Type" options={typeOptions} />
          <FormActions form={form} action="Save" whenDirty />
        </Form>
      ) : (
        <Facts>
          <Fact name="Name">{bot.name}</Fact>
          <Fact name="Description">{bot.description || 'None'}</Fact>
          <Fact name="Type">{typeLabels[bot.type]}</Fact>
        </Facts>
      )}
      <p className="mt-4 flex items-start gap-2 border-t border-n5 pt-4 text-n11">
        {bot.dev ? (
          <>
            <State tone="info">Development</State>
            It runs on its developer’s machine, is listed apart and is not counted. A bot stays a development bot; for
            production, make another one.
          </>
        ) : (
          <>
            <State tone="neutral">Production</State>
            It is counted in the workspace. Development bots are made as such and stay so.
          </>
        )}
      </p>
    </Surface>
  )
}

function Signing() {
  const { bot } = useBot()
  const roles = useRolesThatMay('bot.rotateSigningSecret')
  const { rotate } = useBotRights()
  const dialog = useBotDialog()
  return (
    <Surface
      title="Signing secret"
      about="The bot’s code checks with it that a request comes from Steward. It is shown when it is made, and never again."
      {...(rotate && {
        action: (
          <Button size="small" onClick={() => dialog.show('rotate')}>
            Rotate…
          </Button>
        ),
      })}
    >
      <span className="inline-flex items-center gap-2">
        <code className="font-mono text-xs text-n11">{bot.signingSecret}</code>
        {!rotate && <span className="text-sm text-n10">Roles that may rotate it: {roles.join(', ')}.</span>}
      </span>
    </Surface>
  )
}

function Danger() {
  const { bot } = useBot()
  const { transfer, remove } = useBotRights()
  const dialog = useBotDialog()
  if (!transfer && !remove) return null
  return (
    <Surface danger title="Dangerous" flush>
      <ul className="border-t border-bad-border">
        {transfer && (
          <li className="flex items-center gap-4 border-b border-n5 px-4 py-3 last:border-b-0">
            <div className="flex-1">
              <p className="font-medium">Transfer to another workspace</p>
              <p className="text-sm text-n11">{bot.name} leaves this workspace with its versions, keys and secrets.</p>
            </div>
            <Button look="dangerQuiet" onClick={() => dialog.show('transfer')}>
              Transfer…
            </Button>
          </li>
        )}
        {remove && (
          <li className="flex items-center gap-4 px-4 py-3">
            <div className="flex-1">
              <p className="font-medium">Delete this bot</p>
              <p className="text-sm text-n11">With everything that belongs to it. This cannot be undone.</p>
            </div>
            <Button look="dangerQuiet" onClick={() => dialog.show('delete')}>
              Delete…
            </Button>
          </li>
        )}
      </ul>
    </Surface>
  )
}
