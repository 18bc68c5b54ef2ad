import { useId } from 'react'
import { FieldError } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { type ScopeLevel, type ScopeLevels, type ScopeSubject, scopeSubjects } from './token-scopes.ts'

interface Props {
  /** Of what is read and focused when something is wrong with it. */
  id: string
  error: string | undefined
  narrowed: boolean
  levels: ScopeLevels
  onNarrow: (narrowed: boolean) => void
  onChange: (levels: ScopeLevels) => void
}

const choices: readonly { value: ScopeLevel; label: string }[] = [
  { value: 'none', label: 'None' },
  { value: 'read', label: 'Read' },
  { value: 'write', label: 'Write' },
]

/** Everything the person may, or chosen subjects. Writing includes reading. */
export function ScopesPicker({ id, error, narrowed, levels, onNarrow, onChange }: Props) {
  const title = useId()
  const set = (subject: ScopeSubject, level: ScopeLevel): void => onChange({ ...levels, [subject]: level })
  return (
    <div
      id={id}
      role="group"
      tabIndex={-1}
      aria-labelledby={title}
      aria-describedby={error ? `${id}-error` : undefined}
      data-invalid={error ? true : undefined}
    >
      <div className="flex items-center justify-between gap-4">
        <span id={title} className="text-sm font-medium">
          Permissions
        </span>
        <Segmented
          label="Extent"
          value={narrowed ? 'some' : 'all'}
          onChange={(value) => onNarrow(value === 'some')}
          options={[
            { value: 'some', label: 'Selected scopes' },
            { value: 'all', label: 'Everything you can do' },
          ]}
        />
      </div>
      {narrowed ? (
        <ul className="mt-2 rounded-sm border border-n5">
          {scopeSubjects.map(({ subject, label, about }) => (
            <li
              key={subject}
              className="flex items-center justify-between gap-4 border-b border-n5 py-0.5 pr-1 pl-3 last:border-b-0"
            >
              <span className="flex min-w-0 items-baseline gap-2">
                <span className="w-20 shrink-0 font-medium">{label}</span>
                <span className="truncate text-xs text-n10" title={about}>
                  {about}
                </span>
              </span>
              <Segmented
                label={label}
                value={levels[subject]}
                onChange={(level) => set(subject, level)}
                options={choices}
                className="shrink-0"
              />
            </li>
          ))}
        </ul>
      ) : (
        <p className="mt-2 rounded-sm border border-warn-border bg-warn-surface p-3 text-warn">
          Anybody with this token can do everything you can, wherever it is valid.
        </p>
      )}
      <FieldError id={id} error={error} />
    </div>
  )
}
