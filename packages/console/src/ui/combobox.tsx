import { Command } from 'cmdk'
import { Check, ChevronsUpDown } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { cx } from './cx.ts'
import { Popover } from './popover.tsx'

export interface Option {
  value: string
  label: string
  /** At the right, quieter. */
  hint?: ReactNode | undefined
}

interface ComboboxProps {
  value: string | null
  onChange: (value: string) => void
  options: readonly Option[]
  placeholder?: string | undefined
  /** What stands when nothing fits. */
  empty?: string | undefined
  id?: string | undefined
  'aria-describedby'?: string
  'aria-invalid'?: true
  disabled?: boolean | undefined
  autoFocus?: boolean | undefined
}

/** One of many, found by typing. */
export function Combobox({
  value,
  onChange,
  options,
  placeholder = 'Choose',
  empty = 'No matches.',
  ...control
}: ComboboxProps) {
  const [open, setOpen] = useState(false)
  const chosen = options.find((option) => option.value === value)
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      className="w-(--radix-popover-trigger-width) min-w-64 p-0"
      trigger={
        <Button role="combobox" aria-expanded={open} className="w-full justify-between font-normal" {...control}>
          <span className={cx('truncate', !chosen && 'text-n10')}>{chosen?.label ?? placeholder}</span>
          <ChevronsUpDown className="text-n10" aria-hidden />
        </Button>
      }
    >
      <OptionList
        options={options}
        value={value}
        empty={empty}
        onPick={(picked) => {
          onChange(picked)
          setOpen(false)
        }}
      />
    </Popover>
  )
}

interface OptionListProps {
  options: readonly Option[]
  value?: string | null
  empty?: string | undefined
  placeholder?: string | undefined
  onPick: (value: string) => void
  children?: ReactNode | undefined
}

/** The searchable list alone, for popovers of one's own. */
export function OptionList({
  options,
  value,
  empty = 'No matches.',
  placeholder = 'Search',
  onPick,
  children,
}: OptionListProps) {
  return (
    <Command loop>
      <Command.Input
        placeholder={placeholder}
        aria-label={placeholder}
        className="h-9 w-full border-b border-n5 bg-transparent px-3 outline-none"
      />
      <Command.List className="pane max-h-72 p-1" aria-label="Options">
        <Command.Empty className="px-2 py-3 text-n10">{empty}</Command.Empty>
        {options.map((option) => (
          <Command.Item
            key={option.value}
            value={`${option.label} ${option.value}`}
            onSelect={() => onPick(option.value)}
            className="flex min-h-7 items-center gap-2 rounded-xs px-2 py-1 data-[selected=true]:bg-n3"
          >
            <span className="truncate">{option.label}</span>
            {option.hint && <span className="ml-auto text-xs text-n10">{option.hint}</span>}
            {value === option.value && (
              <Check className={cx('size-4 shrink-0', !option.hint && 'ml-auto')} aria-label="chosen" />
            )}
          </Command.Item>
        ))}
        {children}
      </Command.List>
    </Command>
  )
}
