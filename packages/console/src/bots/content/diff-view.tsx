import { useQuery } from '@tanstack/react-query'
import { Minus, Plus, SquarePen } from 'lucide-react'
import { trpc } from '../../session/trpc.ts'
import { cx } from '../../ui/cx.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { bytes, count } from '../../ui/time-text.ts'
import { type Diff, useBot } from '../bot/bot.ts'
import { type Change, countKinds, groupChanges, isShort, partLabel } from './diff.ts'
import { formatJson } from './json-text.ts'

/** What tells one version from another, asked of the server. */
export function VersionDiff({ from, to, className }: { from: string; to: string; className?: string }) {
  const { at } = useBot()
  // Versions never change, and so neither does what tells two apart.
  const { data, error, refetch } = useQuery(
    trpc.version.diff.queryOptions({ ...at, from, to }, { staleTime: Infinity }),
  )
  if (error) return <ErrorState error={error} retry={() => void refetch()} className="py-8" />
  if (!data) return <SkeletonLines lines={5} />
  return <DiffView diff={data} {...(className && { className })} />
}

export function DiffView({ diff, className }: { diff: Diff; className?: string }) {
  const { added, removed, changed } = countKinds(diff.changes)
  if (diff.changes.length === 0 && !diff.code.changed) return <p className="py-4 text-n11">They are identical.</p>
  return (
    <div className={cx('flex flex-col gap-4', className)}>
      <p className="flex flex-wrap gap-x-4 text-n11">
        <span>{count(diff.changes.length, ['difference', 'differences'])} in the definition</span>
        {added > 0 && <span className="text-good">+ {added} added</span>}
        {removed > 0 && <span className="text-bad">− {removed} removed</span>}
        {changed > 0 && <span className="text-warn">~ {changed} changed</span>}
      </p>
      <CodeDiff code={diff.code} />
      {groupChanges(diff.changes).map(({ part, changes }) => (
        <section key={part} className="overflow-hidden rounded-sm border border-n5" aria-label={partLabel(part)}>
          <h3 className="border-b border-n5 bg-n2 px-3 py-1.5 text-sm font-medium">{partLabel(part)}</h3>
          <ul>
            {changes.map((change) => (
              <ChangeLine key={change.path.join('\0')} change={change} />
            ))}
          </ul>
        </section>
      ))}
      {diff.truncated && (
        <p className="text-sm text-n11">There are more differences, or values that are too large to show here.</p>
      )}
    </div>
  )
}

function CodeDiff({ code: { changed, before, after, lines } }: Pick<Diff, 'code'>) {
  if (!changed) return null
  return (
    <section
      className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-sm border border-n5 px-3 py-2"
      aria-label="Code"
    >
      <h3 className="font-medium">Code</h3>
      <span className="text-n11">
        {before ? bytes(before.size) : 'none'} → {after ? bytes(after.size) : 'none'}
      </span>
      {lines ? (
        <span className="font-mono text-xs">
          <span className="text-good">+{lines.added}</span> <span className="text-bad">−{lines.removed}</span> lines
        </span>
      ) : (
        <span className="text-n10">too large to compare line by line</span>
      )}
    </section>
  )
}

const kinds = {
  added: { word: 'Added', icon: Plus, look: 'text-good' },
  removed: { word: 'Removed', icon: Minus, look: 'text-bad' },
  changed: { word: 'Changed', icon: SquarePen, look: 'text-warn' },
} as const

function ChangeLine({ change: { path, kind, before, after } }: { change: Change }) {
  const { word, icon: Icon, look } = kinds[kind]
  const rest = path.slice(1)
  const inline = isShort(before) && isShort(after)
  return (
    <li className="border-b border-n5 px-3 py-2 last:border-b-0">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className={cx('inline-flex w-20 shrink-0 items-center gap-1 self-center text-xs font-medium', look)}>
          <Icon className="size-3" aria-hidden />
          {word}
        </span>
        <span className="min-w-0 font-mono text-xs break-all">
          {rest.length === 0
            ? '(all)'
            : rest.map((name, index) => (
                <span key={index}>
                  {index > 0 && <span className="text-n10"> › </span>}
                  {name}
                </span>
              ))}
        </span>
        {inline && (
          <span className="ml-auto inline-flex flex-wrap items-baseline gap-1.5 font-mono text-xs break-all">
            {kind !== 'added' && <Value value={before} side="before" />}
            {kind === 'changed' && <span className="text-n10">→</span>}
            {kind !== 'removed' && <Value value={after} side="after" />}
          </span>
        )}
      </div>
      {!inline && (
        <div className={cx('mt-2 grid gap-2', kind === 'changed' && 'md:grid-cols-2')}>
          {kind !== 'added' && <Block value={before} side="before" />}
          {kind !== 'removed' && <Block value={after} side="after" />}
        </div>
      )}
    </li>
  )
}

const sideLook = {
  before: 'border-bad-border bg-bad-surface',
  after: 'border-good-border bg-good-surface',
}

interface SideProps {
  value: unknown
  side: 'before' | 'after'
}

function Value({ value, side }: SideProps) {
  const Tag = side === 'before' ? 'del' : 'ins'
  return (
    <Tag className={cx('rounded-xs border px-1 no-underline', sideLook[side])}>
      {value === undefined ? 'too large' : JSON.stringify(value)}
    </Tag>
  )
}

function Block({ value, side }: SideProps) {
  const text = value === undefined ? 'too large to show' : typeof value === 'string' ? value : formatJson(value)
  return (
    <pre
      tabIndex={0}
      role="region"
      aria-label={side === 'before' ? 'Before' : 'After'}
      className={cx('pane max-h-64 rounded-xs border p-2 font-mono text-xs leading-4.5', sideLook[side])}
    >
      {text}
    </pre>
  )
}
