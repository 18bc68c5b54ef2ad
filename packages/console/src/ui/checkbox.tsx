import { Check, Minus } from 'lucide-react'
import { Checkbox as Primitive, Switch as SwitchPrimitive } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cx } from './cx.ts'

const boxLook =
  'inline-flex size-4 shrink-0 items-center justify-center rounded-xs border border-n8 bg-raised text-on-accent transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent disabled:opacity-50'

export function Checkbox({ className, ...props }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root className={cx(boxLook, className)} {...props}>
      <Primitive.Indicator>
        {props.checked === 'indeterminate' ? (
          <Minus className="size-3 stroke-3" aria-hidden />
        ) : (
          <Check className="size-3 stroke-3" aria-hidden />
        )}
      </Primitive.Indicator>
    </Primitive.Root>
  )
}

interface RowCheckboxProps {
  label: string
  checked: boolean
  onToggle: () => void
}

/** The same for the rows of a list, which come and go by the dozen: no form, no third state, nothing to make. */
export function RowCheckbox({ label, checked, onToggle }: RowCheckboxProps) {
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={checked}
      aria-label={label}
      data-state={checked ? 'checked' : 'unchecked'}
      tabIndex={-1}
      onClick={onToggle}
      className={boxLook}
    >
      {checked && <Check className="size-3 stroke-3" aria-hidden />}
    </button>
  )
}

/** For what takes effect at once; in a form that is saved later take a checkbox. */
export function Switch({ className, ...props }: ComponentProps<typeof SwitchPrimitive.Root>) {
  return (
    <SwitchPrimitive.Root
      className={cx(
        'inline-flex h-5 w-9 shrink-0 items-center rounded-full border border-n8 bg-n4 p-0.5 transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-50',
        className,
      )}
      {...props}
    >
      <SwitchPrimitive.Thumb className="block size-3.5 rounded-full bg-n9 transition-transform data-[state=checked]:translate-x-4 data-[state=checked]:bg-[#fff]" />
    </SwitchPrimitive.Root>
  )
}
