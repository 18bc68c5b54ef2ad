import { Popover as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { floatingLook } from './menu.tsx'

interface PopoverProps {
  trigger: ReactNode
  children: ReactNode
  label?: string | undefined
  align?: 'start' | 'center' | 'end' | undefined
  open?: boolean | undefined
  onOpenChange?: (open: boolean) => void
  className?: string | undefined
}

export function Popover({ trigger, children, label, align = 'start', className, ...state }: PopoverProps) {
  return (
    <Primitive.Root {...state}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          // It hangs on a row or a card, and is no part of it.
          onClick={(event) => event.stopPropagation()}
          className={cx(floatingLook, 'pane max-h-[70vh] min-w-56', className)}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

export const PopoverClose = Primitive.Close
