import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { z } from 'zod'
import { failureOf } from '../../base/failure.ts'
import { client, trpc } from '../../session/trpc.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { count } from '../../ui/time-text.ts'
import { toast } from '../../ui/toast.ts'
import { useWorkspace } from '../../session/use-workspace.ts'
import type { BotSummary } from './bot.ts'

interface Props {
  bots: BotSummary[]
  onClose: () => void
  /** Clears the selection. */
  onDone: () => void
}

const noun = ['bot', 'bots'] as const

/** One after the other, so that a refusal stops before it repeats. @returns how many were done. */
async function eachBot(bots: readonly BotSummary[], change: (bot: BotSummary) => Promise<unknown>): Promise<number> {
  let done = 0
  try {
    for (const bot of bots) {
      await change(bot)
      done++
    }
  } catch (error) {
    if (done > 0) toast({ title: `Stopped after ${count(done, noun)}`, detail: failureOf(error).message, tone: 'bad' })
    throw error
  }
  return done
}

export function DeleteBots({ bots, onClose, onDone }: Props) {
  const { workspaceId } = useWorkspace()
  const queries = useQueryClient()
  const confirm = async (): Promise<void> => {
    try {
      const done = await eachBot(bots, ({ id }) => client.bot.delete.mutate({ workspaceId, id }))
      toast({ title: `${count(done, noun)} deleted` })
      onDone()
    } finally {
      void queries.invalidateQueries(trpc.bot.list.pathFilter())
      void queries.invalidateQueries(trpc.workspace.get.pathFilter())
    }
  }
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete ${count(bots.length, noun)}`}
      action={`Delete ${count(bots.length, noun)}`}
      danger
      typedName={`delete ${count(bots.length, noun)}`}
      onConfirm={confirm}
    >
      <p>{namesOf(bots)}</p>
      <p>Their configuration, code, versions, keys and secrets are deleted, too. This cannot be undone.</p>
    </Confirm>
  )
}

function namesOf(bots: readonly BotSummary[]): string {
  const names = bots.slice(0, 6).map(({ name }) => name)
  return names.join(', ') + (bots.length > names.length ? ` and ${bots.length - names.length} more` : '')
}

const shape = z.object({ key: z.string().trim().min(1).max(100), value: z.string().max(500) })

/** Puts one tag on every selected bot; undone as a whole. */
export function TagBots({ bots, onClose, onDone }: Props) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Tag ${count(bots.length, noun)}`}
      description={namesOf(bots)}
    >
      <TagForm bots={bots} onClose={onClose} onDone={onDone} />
    </Dialog>
  )
}

function TagForm({ bots, onClose, onDone }: Props) {
  const { workspaceId } = useWorkspace()
  const queries = useQueryClient()
  const [before] = useState(() => new Map(bots.map(({ id, tags }) => [id, tags])))
  const refresh = (): Promise<unknown> =>
    Promise.all([
      queries.invalidateQueries(trpc.bot.list.pathFilter()),
      queries.invalidateQueries(trpc.bot.get.pathFilter()),
    ])
  const form = useForm({
    schema: shape,
    initial: { key: '', value: '' },
    submit: async (values) => {
      const key = values.key.trim()
      const put = (value: (bot: BotSummary) => string | null): Promise<number> =>
        eachBot(bots, (bot) => client.bot.update.mutate({ workspaceId, id: bot.id, tags: { [key]: value(bot) } }))
      try {
        const done = await put(() => values.value)
        const undo = (): void => {
          put((bot) => before.get(bot.id)?.[key] ?? null)
            .then(
              () => toast({ title: 'Undone' }),
              (error: unknown) => toast({ title: 'Undo failed', detail: failureOf(error).message, tone: 'bad' }),
            )
            .finally(() => void refresh())
        }
        toast({ title: `${count(done, noun)} tagged ${key}`, undo })
        onDone()
      } finally {
        await refresh()
      }
    },
  })
  return (
    <Form form={form} onDone={onClose}>
      <TextField
        form={form}
        name="key"
        label="Key"
        help="A tag with this key is replaced."
        autoComplete="off"
        autoFocus
      />
      <TextField form={form} name="value" label="Value" optional autoComplete="off" />
      <FormActions form={form} action="Add tag" onCancel={onClose} />
    </Form>
  )
}
