import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { LoaderCircle } from 'lucide-react'
import { useEffect, useState } from 'react'
import { trpc } from '../../session/trpc.ts'
import { State } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { FormField } from '../../ui/form/fields.tsx'
import type { Form } from '../../ui/form/use-form.ts'
import { Input } from '../../ui/input.tsx'
import { handleProblem, type SettingsValues } from './settings-values.ts'
import { allWorkspacesOptions } from '../../session/workspaces.ts'

interface Props {
  form: Form<SettingsValues>
  /** What the workspace has now; empty for none. */
  current: string
  disabled: boolean
}

/** A handle, asked for while it is typed: free, taken, or not possible, with free ones like it. */
export function HandleField({ form, current, disabled }: Props) {
  const wish = form.values.handle.trim()
  return (
    <div>
      <FormField
        form={form}
        name="handle"
        label="Handle"
        optional={current === ''}
        help={
          disabled
            ? undefined
            : current === ''
              ? 'A short, unique name. Lowercase letters, digits, - and _. It can be changed later, but not removed.'
              : 'Links that use the old handle stop working when you change it. It cannot be removed.'
        }
      >
        {({ value, set, ...control }) => (
          <Input
            {...control}
            value={String(value)}
            onChange={(event) => set(event.target.value)}
            disabled={disabled}
            maxLength={50}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="font-mono"
          />
        )}
      </FormField>
      {!disabled && wish !== '' && wish !== current && (
        <Availability wish={wish} onPick={(handle) => form.set('handle', handle)} />
      )}
    </div>
  )
}

/** Waits until nothing was typed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 250)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

function Availability({ wish, onPick }: { wish: string; onPick: (handle: string) => void }) {
  const settled = useSettled(wish)
  const problem = handleProblem(wish)
  const { data, error, isFetching } = useQuery({
    ...trpc.workspace.checkHandle.queryOptions({ handle: settled }),
    enabled: handleProblem(settled) === null,
    placeholderData: keepPreviousData,
    staleTime: 5000,
  })
  const { data: mine = [] } = useQuery(allWorkspacesOptions())
  if (problem) return <Line tone="warn" word="Not valid" text={problem} />
  if (error) return <p className="mt-2 text-sm text-n11">Availability is checked when you save.</p>
  if (!data || settled !== wish || isFetching)
    return (
      <p className="mt-2 flex h-5 items-center gap-1.5 text-sm text-n10" role="status">
        <LoaderCircle className="size-3.5 animate-spin" aria-hidden /> Checking availability
      </p>
    )
  if (data.available) return <Line tone="good" word="Available" text="" />
  const holder = mine.find(({ id }) => id === data.usedBy)?.name
  return (
    <div>
      <Line tone="bad" word="Not available" text={holder ? `${holder} has it.` : 'It is taken or reserved.'} />
      {data.suggestions.length > 0 && (
        <div className="mt-2 flex flex-wrap items-center gap-1.5">
          <span className="text-sm text-n10">Available alternatives:</span>
          {data.suggestions.map((handle) => (
            <Button key={handle} size="small" className="font-mono font-normal" onClick={() => onPick(handle)}>
              {handle}
            </Button>
          ))}
        </div>
      )}
    </div>
  )
}

function Line({ tone, word, text }: { tone: 'good' | 'warn' | 'bad'; word: string; text: string }) {
  return (
    <p className="mt-2 flex items-center gap-2 text-sm text-n11" role="status">
      <State tone={tone}>{word}</State>
      {text}
    </p>
  )
}
