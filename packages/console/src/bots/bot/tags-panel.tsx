import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import { ClashChoice } from '../../ui/form/clash-choice.tsx'
import { InlineForm } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { Input } from '../../ui/input.tsx'
import { Surface } from '../../ui/surface.tsx'
import { latestBot, useBot, useUpdateBot } from './bot.ts'
import { useBotRights } from './bot-rights.ts'
import { tagProblem } from './bot-labels.ts'

/** Tags are put and taken away at once; each can be undone. */
export function TagsPanel() {
  const { bot, at } = useBot()
  const { change } = useBotRights()
  const { update } = useUpdateBot({ done: ({ tags = {} }) => wordsOf(tags), quiet: true })
  const put = (tags: Record<string, string | null>): Promise<unknown> => update({ ...at, tags }, bot)
  const tags = Object.entries(bot.tags).toSorted(([a], [b]) => a.localeCompare(b))
  return (
    <Surface title="Tags" about="Your own keys and values, for finding bots." flush>
      {tags.length > 0 && (
        <ul className="border-t border-n5">
          {tags.map(([key, value]) => (
            <li key={key} className="border-b border-n5 px-4 py-1.5 last:border-b-0">
              {change ? <TagForm name={key} value={value} put={put} /> : <TagLine name={key} value={value} />}
            </li>
          ))}
        </ul>
      )}
      {change && <NewTag put={put} />}
      {!change && tags.length === 0 && <p className="px-4 pb-4 text-n11">None.</p>}
    </Surface>
  )
}

function wordsOf(tags: Record<string, string | null>): string {
  const [key = '', value] = Object.entries(tags)[0] ?? []
  return value === null ? `Tag ${key} removed` : `Tag ${key} set to ${value || 'empty'}`
}

interface TagProps {
  name: string
  value: string
}

type Put = (tags: Record<string, string | null>) => Promise<unknown>

function TagLine({ name, value }: TagProps) {
  return (
    <div className="flex min-h-8 items-center gap-3">
      <TagName name={name} />
      <span className="min-w-0 flex-1 truncate">{value}</span>
    </div>
  )
}

function TagName({ name }: { name: string }) {
  return (
    <span className="w-40 shrink-0 truncate font-mono text-xs" title={name}>
      {name}
    </span>
  )
}

/** Saved when the field is left or Enter is pressed. */
function TagForm({ name, value, put }: TagProps & { put: Put }) {
  const { at } = useBot()
  const form = useForm({
    saved: { value },
    latest: async () => ({ value: (await latestBot(at)).tags[name] ?? '' }),
    wrong: (values) => ({ value: tagProblem(name, values.value) ?? false }),
    submit: (values) => put({ [name]: values.value }),
  })
  const remove = useForm({ initial: {}, submit: () => put({ [name]: null }) })
  const error = form.errorAt('value') ?? form.failure?.message ?? remove.failure?.message
  const leave = (): void => {
    form.touch('value')
    if (!tagProblem(name, form.values.value) && form.clashes.length === 0) void form.submit()
  }
  return (
    <InlineForm form={form} label={`Tag ${name}`}>
      <div className="flex min-h-8 items-center gap-3">
        <TagName name={name} />
        <Input
          id={form.idOf('value')}
          className="h-7"
          aria-label={`Value of ${name}`}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${form.idOf('value')}-error` : undefined}
          autoComplete="off"
          value={form.values.value}
          onChange={(event) => form.set('value', event.target.value)}
          onBlur={leave}
          onKeyDown={(event) => event.key === 'Escape' && form.reset()}
        />
        <Button
          look="ghost"
          size="smallIcon"
          aria-label={`Remove the tag ${name}`}
          busy={remove.busy}
          onClick={() => void remove.submit()}
        >
          <X aria-hidden />
        </Button>
      </div>
      <FieldError id={form.idOf('value')} error={error} />
      <ClashChoice form={form} path="value" label={name} />
    </InlineForm>
  )
}

/** Empty again after each tag. */
function NewTag({ put }: { put: Put }) {
  const [round, setRound] = useState(0)
  return <NewTagForm key={round} focus={round > 0} put={put} onDone={() => setRound(round + 1)} />
}

function NewTagForm({ put, focus, onDone }: { put: Put; focus: boolean; onDone: () => void }) {
  const form = useForm({
    initial: { key: '', value: '' },
    wrong: ({ key, value }) => ({ key: tagProblem(key.trim(), value) ?? false }),
    submit: ({ key, value }) => put({ [key.trim()]: value }),
  })
  const error = form.errorAt('key') ?? form.failure?.message
  const field = (name: 'key' | 'value') => ({
    value: form.values[name],
    placeholder: name,
    autoComplete: 'off',
    onChange: (event: { target: { value: string } }) => form.set(name, event.target.value),
  })
  return (
    <InlineForm form={form} label="Add a tag" className="border-t border-n5 px-4 py-3" onDone={onDone}>
      <div className="flex items-center gap-3">
        <Input
          {...field('key')}
          id={form.idOf('key')}
          className="h-7 w-40 shrink-0 font-mono text-xs"
          aria-label="Key of the new tag"
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? `${form.idOf('key')}-error` : undefined}
          autoFocus={focus}
        />
        <Input {...field('value')} className="h-7" aria-label="Value of the new tag" />
        <Button size="small" type="submit" busy={form.busy} disabled={form.values.key.trim() === ''}>
          <Plus aria-hidden />
          Add tag
        </Button>
      </div>
      <FieldError id={form.idOf('key')} error={error} />
    </InlineForm>
  )
}
