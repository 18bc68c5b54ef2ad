import { Check } from 'lucide-react'
import { DropdownMenu as Primitive } from 'radix-ui'
import { type ComponentProps, type ReactNode, useState } from 'react'
import { cx } from './cx.ts'
import { useFloatPlace } from './float.ts'
import { useFocusReturn } from './focus-return.ts'
import { Keys } from './kbd.tsx'

/*
 * <Menu trigger={<Button …/>}>
 *   <MenuItem onSelect={…} keys="e">Edit</MenuItem>
 *   <MenuSeparator />
 *   <MenuItem danger onSelect={…}>Delete…</MenuItem>
 * </Menu>
 */
export const floatingLook =
  'z-50 animate-appear rounded-lg border border-n6 bg-raised p-1 shadow-float focus:outline-none'

interface MenuProps {
  trigger: ReactNode
  children: ReactNode
  align?: 'start' | 'end' | undefined
  open?: boolean | undefined
  onOpenChange?: (open: boolean) => void
  /** Puts the focus somewhere when it closes and says so; otherwise it goes back to the trigger. */
  returnFocus?: (() => boolean) | undefined
  className?: string | undefined
}

export function Menu({ trigger, children, align = 'end', className, open, onOpenChange, returnFocus }: MenuProps) {
  const place = useFloatPlace()
  const [ownOpen, setOwnOpen] = useState(false)
  const isOpen = open ?? ownOpen
  // Opened by its button the focus was there; opened by a key it goes back to the list.
  const focusBack = useFocusReturn(isOpen)
  const onCloseAutoFocus = (event: Event): void => {
    if (returnFocus?.()) event.preventDefault()
    else focusBack(event)
  }
  const change = (next: boolean): void => {
    setOwnOpen(next)
    onOpenChange?.(next)
  }
  return (
    <Primitive.Root modal={false} open={isOpen} onOpenChange={change}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal container={isOpen ? place() : null}>
        <Primitive.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={onCloseAutoFocus}
          // It hangs on a row or a card, and is no part of it.
          onClick={(event) => event.stopPropagation()}
          className={cx(floatingLook, 'pane max-h-[70vh] min-w-44', className)}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

const itemLook =
  'flex min-h-7 items-center gap-2 rounded-xs px-2 py-1 outline-none select-none data-disabled:text-n10 data-highlighted:bg-n3 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:stroke-[1.75]'

interface MenuItemProps extends ComponentProps<typeof Primitive.Item> {
  danger?: boolean | undefined
  keys?: string | undefined
  /** Why it cannot be chosen; disables it. */
  reason?: string | undefined
}

export function MenuItem({ danger, keys, reason, className, children, asChild, ...props }: MenuItemProps) {
  const look = cx(itemLook, danger && 'text-bad data-highlighted:bg-bad-surface', className)
  if (asChild)
    return (
      <Primitive.Item asChild className={look} {...props}>
        {children}
      </Primitive.Item>
    )
  return (
    <Primitive.Item className={look} {...props} {...(reason && { disabled: true, title: reason })}>
      {children}
      {keys && <Keys keys={keys} className="ml-auto pl-4" />}
    </Primitive.Item>
  )
}

export function MenuChoice({ children, className, ...props }: ComponentProps<typeof Primitive.RadioItem>) {
  return (
    <Primitive.RadioItem className={cx(itemLook, className)} {...props}>
      {children}
      <Primitive.ItemIndicator className="ml-auto">
        <Check aria-hidden />
      </Primitive.ItemIndicator>
    </Primitive.RadioItem>
  )
}

export const MenuChoices = Primitive.RadioGroup

/** On or off; the menu stays open, so that several can be changed. */
export function MenuCheck({ children, className, ...props }: ComponentProps<typeof Primitive.CheckboxItem>) {
  return (
    <Primitive.CheckboxItem className={cx(itemLook, className)} onSelect={(event) => event.preventDefault()} {...props}>
      {children}
      <Primitive.ItemIndicator className="ml-auto">
        <Check aria-hidden />
      </Primitive.ItemIndicator>
    </Primitive.CheckboxItem>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Primitive.Label className="px-2 pt-1.5 pb-1 text-xs font-medium text-n10">{children}</Primitive.Label>
}

export function MenuSeparator() {
  return <Primitive.Separator className="my-1 h-px bg-n5" />
}
