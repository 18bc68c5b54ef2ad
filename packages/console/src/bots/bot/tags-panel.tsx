import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Input } from '../../ui/input.tsx'
import { Surface } from '../../ui/surface.tsx'
import { useBot, useUpdateBot } from './bot.ts'
import { useBotRights } from './bot-rights.ts'
import { tagProblem } from './bot-labels.ts'

/** Tags are put and taken away at once; each can be undone. */
export function TagsPanel() {
  const { bot, at } = useBot()
  const { change } = useBotRights()
  const { update } = useUpdateBot({ done: ({ tags = {} }) => wordsOf(tags) })
  const put = (tags: Record<string, string | null>): void => void update({ ...at, tags }, bot).catch(() => {})
  const tags = Object.entries(bot.tags).toSorted(([a], [b]) => a.localeCompare(b))
  return (
    <Surface title="Tags" about="Keys and values of your own, to find bots by." flush>
      {tags.length > 0 && (
        <ul className="border-t border-n5">
          {tags.map(([key, value]) => (
            <Tag
              // A value that changed elsewhere is shown.
              key={`${key}=${value}`}
              name={key}
              value={value}
              {...(change && { onPut: (next: string) => put({ [key]: next }), onRemove: () => put({ [key]: null }) })}
            />
          ))}
        </ul>
      )}
      {change && <NewTag onPut={(key, value) => put({ [key]: value })} />}
      {!change && tags.length === 0 && <p className="px-4 pb-4 text-n11">None.</p>}
    </Surface>
  )
}

function wordsOf(tags: Record<string, string | null>): string {
  const [key = '', value] = Object.entries(tags)[0] ?? []
  return value === null ? `Tag ${key} removed` : `Tag ${key} is ${value || 'empty'}`
}

interface TagProps {
  name: string
  value: string
  onPut?: (value: string) => void
  onRemove?: () => void
}

function Tag({ name, value, onPut, onRemove }: TagProps) {
  const [typed, setTyped] = useState(value)
  const problem = tagProblem(name, typed)
  const save = (): void => {
    if (typed !== value && !problem) onPut?.(typed)
  }
  return (
    <li className="flex min-h-11 items-center gap-3 border-b border-n5 px-4 py-1.5 last:border-b-0">
      <span className="w-40 shrink-0 truncate font-mono text-xs" title={name}>
        {name}
      </span>
      {onPut ? (
        <Input
          className="h-7"
          aria-label={`Value of ${name}`}
          aria-invalid={problem ? true : undefined}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save()
            if (event.key === 'Escape') setTyped(value)
          }}
        />
      ) : (
        <span className="min-w-0 flex-1 truncate">{value}</span>
      )}
      {onRemove && (
        <Button look="ghost" size="smallIcon" aria-label={`Remove the tag ${name}`} onClick={onRemove}>
          <X aria-hidden />
        </Button>
      )}
    </li>
  )
}

function NewTag({ onPut }: { onPut: (key: string, value: string) => void }) {
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const problem = key === '' && value === '' ? null : tagProblem(key.trim(), value)
  return (
    <form
      aria-label="Put a tag"
      className="border-t border-n5 px-4 py-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (key.trim() === '' || problem) return
        onPut(key.trim(), value)
        setKey('')
        setValue('')
      }}
    >
      <div className="flex items-center gap-3">
        <Input
          className="h-7 w-40 shrink-0 font-mono text-xs"
          aria-label="Key of the new tag"
          placeholder="key"
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <Input
          className="h-7"
          aria-label="Value of the new tag"
          placeholder="value"
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <Button size="small" type="submit" disabled={key.trim() === '' || problem !== null}>
          <Plus aria-hidden />
          Put tag
        </Button>
      </div>
      {problem && <p className="mt-1 text-sm text-bad">{problem}</p>}
    </form>
  )
}
