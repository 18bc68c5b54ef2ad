import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/cx.ts'
import { type FieldChange, changesOf, valueText } from './diff.ts'

/** What a record says of before and after, one field under the other. */
export function ChangeLines({ before, after }: { before: unknown; after: unknown }) {
  const [whole, setWhole] = useState(false)
  const changes = changesOf(before, after)
  const same = changes.filter(({ kind }) => kind === 'same').length
  const shown = whole ? changes : changes.filter(({ kind }) => kind !== 'same')
  if (changes.length === 0) return <p className="text-n11">This record lists no fields.</p>
  return (
    <div>
      <ul className="overflow-hidden rounded-sm border border-n5">
        {shown.map((change) => (
          <Line key={`${change.path} ${change.kind}`} change={change} />
        ))}
        {shown.length === 0 && <li className="px-3 py-2 text-n11">Saved again with the same values.</li>}
      </ul>
      {same > 0 && (
        <Button look="link" size="inline" className="mt-1 text-sm" onClick={() => setWhole(!whole)}>
          {whole ? 'Hide' : 'Show'} {same} unchanged
        </Button>
      )}
    </div>
  )
}

const kindLabels: Record<FieldChange['kind'], string> = {
  added: 'set',
  removed: 'removed',
  changed: 'changed',
  same: 'unchanged',
  noted: 'at the time',
}

function Line({ change: { path, kind, before, after } }: { change: FieldChange }) {
  const gone = kind === 'changed' || kind === 'removed'
  const come = kind === 'changed' || kind === 'added'
  return (
    <li className="border-b border-n5 last:border-b-0">
      <p className="flex items-baseline justify-between gap-3 bg-n2 px-3 py-1">
        <span className="min-w-0 font-mono text-xs break-all">{path || 'value'}</span>
        <span className="shrink-0 text-xs text-n10">{kindLabels[kind]}</span>
      </p>
      {gone && <Value sign="−" word="before" value={before} className="bg-bad-surface text-bad" />}
      {come && <Value sign="+" word="after" value={after} className="bg-good-surface text-good" />}
      {!gone && !come && <Value sign=" " word="" value={before} className="text-n11" />}
    </li>
  )
}

function Value({ sign, word, value, className }: { sign: string; word: string; value: unknown; className: string }) {
  const quiet = value === null || value === '' || value === undefined
  return (
    <div className={cx('pane flex max-h-60 gap-2 px-3 py-1 font-mono text-xs leading-5', className)}>
      <span aria-hidden className="w-2 shrink-0 select-none">
        {sign}
      </span>
      {word && <span className="sr-only">{word}: </span>}
      <span className={cx('min-w-0 break-words whitespace-pre-wrap', quiet && 'italic opacity-80')}>
        {valueText(value)}
      </span>
    </div>
  )
}
