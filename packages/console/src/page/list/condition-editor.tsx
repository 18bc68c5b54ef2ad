import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Input, Select } from '../../ui/input.tsx'
import { type Filter, isComplete } from './conditions.ts'

interface Props {
  filter: Filter
  onDone: (value: string) => void
  onCancel: () => void
}

/** Takes one condition and hands it on when it is complete. */
export function ConditionEditor({ filter, onDone, onCancel }: Props) {
  const [value, setValue] = useState('')
  const [key, setKey] = useState('')
  const whole = filter.kind === 'pair' ? `${key.trim()}=${value.trim()}` : value.trim()
  const submit = (): void => {
    if (isComplete(filter, whole)) onDone(whole)
  }
  return (
    <form
      aria-label={`Filter by ${filter.label.toLowerCase()}`}
      className="flex items-center gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onCancel()
      }}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return
        if (isComplete(filter, whole)) onDone(whole)
        else if (whole === '' || whole === '=') onCancel()
      }}
    >
      {filter.kind === 'choice' ? (
        <Select
          aria-label={filter.label}
          autoFocus
          value=""
          onChange={(event) => onDone(event.target.value)}
          className="min-w-36"
        >
          <option value="" disabled>
            {filter.label}
          </option>
          {filter.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </Select>
      ) : filter.kind === 'pair' ? (
        <>
          <Input
            autoFocus
            className="h-7 w-28"
            aria-label={`${filter.label}: key`}
            placeholder="key"
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
          <span className="text-n10">=</span>
          <Input
            className="h-7 w-32"
            aria-label={`${filter.label}: value`}
            placeholder="value"
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        </>
      ) : (
        <Input
          autoFocus
          type={filter.kind}
          className="h-7 w-40"
          aria-label={filter.label}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
      )}
      {filter.kind !== 'choice' && (
        <Button size="small" type="submit" disabled={!isComplete(filter, whole)}>
          Apply
        </Button>
      )}
    </form>
  )
}
