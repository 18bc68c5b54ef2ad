import { z } from 'zod'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField, TextareaField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { Fact, Facts, Surface } from '../../ui/surface.tsx'
import { State } from '../../ui/badge.tsx'
import { bot as shapes } from '@steward/api/schema'
import { type Bot, latestBot, useBot, useUpdateBot } from '../bot/bot.ts'
import { botDraft } from '../bot/bot-drafts.ts'
import { useBotRights } from '../bot/bot-rights.ts'
import { typeOptions, typeLabels } from '../bot/bot-labels.ts'
import { useBotDialog } from '../bot/bot-dialog.ts'
import { useRolesThatMay } from '../../session/roles-for.ts'
import { SecretsPanel } from '../access/secrets-panel.tsx'
import { TagsPanel } from '../bot/tags-panel.tsx'

export function SettingsTab() {
  const { at } = useBot()
  return (
    <div key={at.id} className="flex max-w-3xl flex-col gap-4">
      <General />
      <TagsPanel />
      <SecretsPanel />
      <Signing />
      <Danger />
    </div>
  )
}

const shape = z
  .object({ name: z.string().trim().min(1).max(200), description: z.string().max(2000), type: shapes.botType })
  .partial()

type Values = z.infer<typeof shape>

const valuesOf = ({ name, description = '', type }: Bot): Required<Values> => ({ name, description, type })

function General() {
  const { bot, at } = useBot()
  const { change } = useBotRights()
  const { update } = useUpdateBot({ done: () => 'Bot saved', quiet: true })
  const form = useForm<Required<Values>, Values>({
    schema: shape,
    saved: valuesOf(bot),
    latest: async () => valuesOf(await latestBot(at)),
    input: (_values, { name, ...rest }) => ({ ...rest, ...(name !== undefined && { name: name.trim() }) }),
    submit: (input) => update({ ...at, ...input }, bot),
    draft: botDraft(at.id),
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
            It runs on its developer’s machine, is listed separately and is not counted. A development bot stays one;
            for production, create another bot.
          </>
        ) : (
          <>
            <State tone="neutral">Production</State>
            It is counted in the workspace. It cannot be turned into a development bot.
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
      about="The bot’s code uses it to verify that a request comes from Steward. It is shown only once, when it is created."
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
        {!rotate && <span className="text-sm text-n10">Roles that can rotate it: {roles.join(', ')}.</span>}
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
    <Surface danger title="Danger zone" flush>
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
