import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { z } from 'zod'
import { trpc } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { edit, useChange } from '../../ui/change.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField, TextareaField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { Surface } from '../../ui/surface.tsx'
import { useBot } from '../bot/bot.ts'
import { useBotRights } from '../bot/bot-rights.ts'
import { secretNameProblem } from '../bot/bot-labels.ts'
import { useBotDialog } from '../bot/bot-dialog.ts'

/** Names are shown, values never: they are set anew or removed. */
export function SecretsPanel() {
  const { bot } = useBot()
  const { change } = useBotRights()
  const dialog = useBotDialog()
  const [removed, setRemoved] = useState<string | null>(null)
  return (
    <Surface
      title="Secrets"
      about="The bot’s code reads them when it runs. Values are encrypted: they can be set and removed, but not shown."
      flush
      {...(change && {
        action: (
          <Button size="small" onClick={() => dialog.show('set-secret')}>
            <Plus aria-hidden />
            Set secret
          </Button>
        ),
      })}
    >
      {bot.secrets.length === 0 ? (
        <p className="px-4 pb-4 text-n11">No secrets yet.</p>
      ) : (
        <ul className="border-t border-n5">
          {bot.secrets.map((name) => (
            <li key={name} className="flex min-h-11 items-center gap-3 border-b border-n5 px-4 last:border-b-0">
              <KeyRound className="size-4 text-n10" aria-hidden />
              <span className="min-w-0 flex-1 truncate font-mono text-xs">{name}</span>
              <span className="text-n10" aria-label="hidden value">
                ••••••••
              </span>
              {change && (
                <span className="flex gap-1">
                  <Button size="small" look="ghost" onClick={() => dialog.show('set-secret', name)}>
                    New value
                  </Button>
                  <Button
                    size="small"
                    look="dangerQuiet"
                    aria-label={`Remove ${name}`}
                    onClick={() => setRemoved(name)}
                  >
                    Remove
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {change && (
        <Dialog
          open={dialog.open === 'set-secret'}
          onOpenChange={(open) => !open && dialog.close()}
          title={dialog.about ? `New value of ${dialog.about}` : 'Set a secret'}
          description="Keep a copy of the value: Steward does not show it again."
        >
          <SecretForm key={dialog.about} name={dialog.about} onClose={dialog.close} />
        </Dialog>
      )}
      {removed !== null && <RemoveSecret name={removed} onClose={() => setRemoved(null)} />}
    </Surface>
  )
}

function useSecrets(done: (name: string, value: string | null) => string) {
  const { at } = useBot()
  return useChange(trpc.bot.update.mutationOptions(), {
    show: ({ secrets = {} }) => [
      edit(trpc.bot.get.queryKey(at), (old) => ({
        bot: { ...old.bot, secrets: patchedNames(old.bot.secrets, secrets) },
      })),
    ],
    refresh: () => [trpc.bot.get.pathFilter()],
    done: (_answer, { secrets = {} }) => {
      const [name = '', value = null] = Object.entries(secrets)[0] ?? []
      return done(name, value)
    },
    quiet: true,
  })
}

function patchedNames(names: readonly string[], patch: Record<string, string | null>): string[] {
  const kept = names.filter((name) => patch[name] !== null)
  const added = Object.keys(patch).filter((name) => patch[name] !== null && !kept.includes(name))
  return [...kept, ...added].toSorted()
}

function SecretForm({ name, onClose }: { name: string | undefined; onClose: () => void }) {
  const { bot, at } = useBot()
  const set = useSecrets((changed) => `${changed} set`)
  const form = useForm({
    schema: z.object({ name: z.string(), value: z.string().min(1).max(20_000) }).superRefine((given, check) => {
      const message = secretNameProblem(given.name, name === undefined ? bot.secrets : [])
      if (message) check.addIssue({ code: 'custom', path: ['name'], message })
    }),
    initial: { name: name ?? '', value: '' },
    submit: (given) => set.mutateAsync({ ...at, secrets: { [given.name]: given.value } }),
  })
  return (
    <Form form={form} onDone={onClose}>
      {name === undefined && (
        <TextField
          form={form}
          name="name"
          label="Name"
          placeholder="OPENAI_API_KEY"
          help="Uppercase letters, digits and _."
          spellCheck={false}
          autoComplete="off"
          autoFocus
        />
      )}
      <TextareaField form={form} name="value" label="Value" rows={3} spellCheck={false} />
      <FormActions form={form} action="Set secret" onCancel={onClose} />
    </Form>
  )
}

function RemoveSecret({ name, onClose }: { name: string; onClose: () => void }) {
  const { bot, at } = useBot()
  const remove = useSecrets((changed) => `${changed} removed`)
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${name}`}
      action="Remove secret"
      danger
      onConfirm={() => remove.mutateAsync({ ...at, secrets: { [name]: null } })}
    >
      <p>{bot.name} will not find it the next time it runs. Its value cannot be restored.</p>
    </Confirm>
  )
}
