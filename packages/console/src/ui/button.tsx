import { cva, type VariantProps } from 'class-variance-authority'
import { LoaderCircle } from 'lucide-react'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cx } from './cx.ts'

export const buttonLook = cva(
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-sm border text-base font-medium whitespace-nowrap transition-colors select-none disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:stroke-[1.75]',
  {
    variants: {
      look: {
        primary: 'border-transparent bg-accent text-on-accent enabled:hover:bg-accent-hover',
        plain: 'border-n6 bg-raised text-n12 hover:bg-n3',
        ghost: 'border-transparent text-n11 hover:bg-n3 hover:text-n12 data-[state=open]:bg-n3',
        danger: 'border-transparent bg-bad-solid text-[#fff] enabled:hover:bg-bad-solid-hover',
        dangerQuiet: 'border-n6 bg-raised text-bad hover:bg-bad-surface',
        link: 'border-transparent text-accent-text underline-offset-3 hover:underline',
      },
      size: {
        small: 'h-7 px-2 text-sm',
        normal: 'h-control px-3',
        icon: 'size-control',
        smallIcon: 'size-7',
        inline: 'h-auto px-0',
      },
    },
    defaultVariants: { look: 'plain', size: 'normal' },
  },
)

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof buttonLook> {
  /** Renders its child (a link) with the looks of a button. */
  asChild?: boolean | undefined
  /** Shows that work is under way; it cannot be pressed meanwhile. */
  busy?: boolean | undefined
}

/** One primary button per page at most. An icon alone needs `aria-label`. */
export function Button({ asChild, busy, look, size, className, children, disabled, ...props }: ButtonProps) {
  const classes = cx(buttonLook({ look, size }), className)
  if (asChild)
    return (
      <Slot.Root className={classes} {...props}>
        {children}
      </Slot.Root>
    )
  return (
    <button type="button" className={classes} disabled={disabled || busy} aria-busy={busy} {...props}>
      {busy && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  )
}
