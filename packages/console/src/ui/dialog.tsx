import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { cx } from './cx.ts'
import { InDialog } from './float.ts'
import { useFocusReturn } from './focus-return.ts'

export interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  /** One sentence under the title. */
  description?: ReactNode | undefined
  children?: ReactNode | undefined
  /** Buttons at the foot, the one that acts last. Inside a form take FormActions instead. */
  actions?: ReactNode | undefined
  size?: 'normal' | 'wide' | undefined
  /** Whether it can be put away without an answer. Behind one that cannot, nothing is read. */
  closable?: boolean | undefined
}

/** The first thing to fill in or to choose; where there is none the dialog itself, and not its Close button. */
export function focusFirst(event: Event): void {
  event.preventDefault()
  const dialog = event.currentTarget
  if (!(dialog instanceof HTMLElement)) return
  const first = dialog.querySelector<HTMLElement>(
    ':is(input, select, textarea, [role=combobox], [role=radio][aria-checked=true]):not([disabled], [readonly])',
  )
  ;(first ?? dialog).focus()
}

const sizes = { normal: 'max-w-lg', wide: 'max-w-3xl' }

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  actions,
  size = 'normal',
  closable = true,
}: DialogProps) {
  const returnFocus = useFocusReturn(open)
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay
          className={cx('fixed inset-0 z-40 animate-fade bg-overlay', !closable && 'z-50 backdrop-blur-lg')}
        />
        <Primitive.Content
          className={cx(
            'pane fixed top-[12vh] left-1/2 z-50 max-h-[80vh] w-[calc(100vw-2rem)] -translate-x-1/2 animate-appear rounded-lg border border-n6 bg-raised p-5 shadow-float focus:outline-none',
            sizes[size],
          )}
          {...(!description && { 'aria-describedby': undefined })}
          tabIndex={-1}
          onOpenAutoFocus={focusFirst}
          onCloseAutoFocus={returnFocus}
        >
          <div className="flex items-start justify-between gap-4">
            <Primitive.Title className="min-w-0 text-lg font-semibold break-words">{title}</Primitive.Title>
            {closable && (
              <Primitive.Close asChild>
                <Button look="ghost" size="smallIcon" aria-label="Close" className="-mt-0.5 -mr-1.5">
                  <X aria-hidden />
                </Button>
              </Primitive.Close>
            )}
          </div>
          {description && <Primitive.Description className="mt-1 text-n11">{description}</Primitive.Description>}
          {children && (
            <InDialog value>
              <div className="mt-4">{children}</div>
            </InDialog>
          )}
          {actions && <div className="mt-5 flex justify-end gap-2">{actions}</div>}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
