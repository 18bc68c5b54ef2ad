import { TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { namesIn } from '../../ui/form/paths.ts'
import type { Clash } from '../../ui/form/three-way.ts'
import type { Form } from '../../ui/form/use-form.ts'
import { type Choices, mergeJson } from './merge-json.ts'
import type { Part, Texts } from './use-configuration.ts'

const nouns: Record<Part, string> = { data: 'data', schema: 'schema' }

interface Props {
  form: Form<Texts>
  part: Part
}

/** What somebody else changed of the same values, one by one, and the choice for each. */
export function ConfigurationClash({ form, part }: Props) {
  const clash = form.clashes.find(({ path }) => path === part)
  // Chosen once is not chosen for what they change next.
  return clash ? <Choose key={String(clash.theirs)} form={form} part={part} clash={clash} /> : null
}

function Choose({ form, part, clash }: Props & { clash: Clash }) {
  const [choices, setChoices] = useState<Choices>({})
  const [base, mine, theirs] = [String(clash.base), String(clash.mine), String(clash.theirs)]
  const merged = mergeJson(base, mine, theirs, choices)
  const choose = (path: string, side: 'mine' | 'theirs'): void => {
    const next = { ...choices, [path]: side }
    setChoices(next)
    const result = mergeJson(base, mine, theirs, next)
    if (result?.clashes.length === 0) form.settle(part, result.text)
  }
  const noun = nouns[part]
  return (
    <div
      id={`${form.idOf(part)}-clash`}
      data-clash
      role="group"
      tabIndex={-1}
      aria-label={`The ${noun} was changed by someone else too`}
      className="mb-2 rounded-sm border border-warn-border bg-warn-surface text-sm"
    >
      <div className="flex items-start gap-2 p-3 text-warn" role="alert">
        <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
        <p className="flex-1">
          {!merged
            ? `Someone else changed the ${noun}. Both can be merged once yours is valid JSON.`
            : merged.clashes.length === 0
              ? `Someone else changed other values of the ${noun}.`
              : `Someone else changed the same values of the ${noun}. Choose which to keep; everything else is merged.`}
        </p>
        {!merged && (
          <Button size="small" onClick={() => form.settle(part, theirs)}>
            Use theirs
          </Button>
        )}
        {merged?.clashes.length === 0 && (
          <Button size="small" onClick={() => form.settle(part, merged.text)}>
            Merge
          </Button>
        )}
      </div>
      {merged && merged.clashes.length > 0 && (
        <ul className="pane max-h-64 border-t border-warn-border">
          {merged.clashes.map(({ path, mine: own, theirs: other }) => (
            <li key={path} className="border-b border-warn-border px-3 py-2 last:border-b-0">
              <p className="font-mono text-xs font-medium break-words text-n12">{namesIn(path).join('.')}</p>
              <Side name="Yours" value={own} action="Keep yours" path={path} onPick={() => choose(path, 'mine')} />
              <Side name="Theirs" value={other} action="Use theirs" path={path} onPick={() => choose(path, 'theirs')} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

interface SideProps {
  name: string
  value: unknown
  action: string
  path: string
  onPick: () => void
}

function Side({ name, value, action, path, onPick }: SideProps) {
  return (
    <div className="mt-1 flex items-start gap-2">
      <span className="w-12 shrink-0 text-n11">{name}</span>
      <code className="pane max-h-24 min-w-0 flex-1 font-mono text-xs leading-5 break-words whitespace-pre-wrap text-n12">
        {value === undefined ? '(removed)' : JSON.stringify(value, null, 2)}
      </code>
      <Button size="small" onClick={onPick} aria-label={`${action}: ${namesIn(path).join('.')}`}>
        {action}
      </Button>
    </div>
  )
}
