import { AlertDialog as Primitive } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { type Failure, failureOf } from '../base/failure.ts'
import { Button } from './button.tsx'
import { ErrorNote } from './error-state.tsx'
import { Field } from './field.tsx'
import { useFocusReturn } from './focus-return.ts'
import { Input } from './input.tsx'

export interface ConfirmProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  /** What will happen and what cannot be taken back. */
  children: ReactNode
  /** The verb: "Delete bot". */
  action: string
  danger?: boolean | undefined
  /** Something has to be chosen first. */
  waiting?: boolean | undefined
  /** Has to be typed exactly before the action can be pressed. */
  typedName?: string | undefined
  /** Stays open while it runs; a failure is shown in it. */
  onConfirm: () => Promise<unknown> | void
}

/** Asks before what cannot be undone; what can be is done at once and undone from its toast. */
export function Confirm({ open, onOpenChange, ...rest }: ConfirmProps) {
  const returnFocus = useFocusReturn(open)
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-fade bg-overlay" />
        <Primitive.Content
          onCloseAutoFocus={returnFocus}
          onOpenAutoFocus={(event) => {
            const dialog = event.currentTarget instanceof Element ? event.currentTarget : null
            const first = dialog?.querySelector<HTMLElement>(':is(input, [role=combobox]):not([disabled])')
            // Without one the focus falls on Cancel.
            if (!first) return
            event.preventDefault()
            first.focus()
          }}
          className="fixed top-[18vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-md -translate-x-1/2 animate-appear rounded-lg border border-n6 bg-raised p-5 shadow-float focus:outline-none"
        >
          <Body {...rest} close={() => onOpenChange(false)} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}

type BodyProps = Omit<ConfirmProps, 'open' | 'onOpenChange'> & { close: () => void }

function Body({ title, children, action, danger, waiting, typedName, onConfirm, close }: BodyProps) {
  const [typed, setTyped] = useState('')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const ready = !waiting && (typedName === undefined || typed === typedName)
  const confirm = async (): Promise<void> => {
    if (!ready || busy) return
    setBusy(true)
    setFailure(null)
    try {
      await onConfirm()
      close()
    } catch (error) {
      setFailure(failureOf(error))
    }
    setBusy(false)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        event.stopPropagation()
        void confirm()
      }}
    >
      <Primitive.Title className="text-lg font-semibold break-words">{title}</Primitive.Title>
      <Primitive.Description asChild>
        <div className="mt-1 flex flex-col gap-2 text-n11">{children}</div>
      </Primitive.Description>
      {typedName !== undefined && (
        <Field
          className="mt-4"
          label={
            <>
              Type{' '}
              <span className="rounded-xs bg-n3 box-decoration-clone px-1 font-mono break-words select-all">
                {typedName}
              </span>{' '}
              to confirm
            </>
          }
        >
          {(control) => (
            <Input
              {...control}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </Field>
      )}
      {failure && <ErrorNote failure={failure} className="mt-4" />}
      <div className="mt-5 flex justify-end gap-2">
        <Primitive.Cancel asChild>
          <Button disabled={busy}>Cancel</Button>
        </Primitive.Cancel>
        <Button type="submit" look={danger ? 'danger' : 'primary'} busy={busy} disabled={!ready}>
          {action}
        </Button>
      </div>
    </form>
  )
}
