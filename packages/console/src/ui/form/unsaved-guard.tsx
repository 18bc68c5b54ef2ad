import { useBlocker } from '@tanstack/react-router'
import { AlertDialog } from 'radix-ui'
import { isReloading } from '../../base/reload.ts'
import { Button } from '../button.tsx'
import { useFocusReturn } from '../focus-return.ts'

interface Props {
  dirty: boolean
  /** What was typed is given up. */
  onLeave: () => void
}

/** Asks before leaving the page when something is not saved. */
export function UnsavedGuard({ dirty, onLeave }: Props) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty && !isReloading(),
    withResolver: true,
  })
  const returnFocus = useFocusReturn(blocker.status === 'blocked')
  const leave = (): void => {
    onLeave()
    blocker.proceed?.()
  }
  return (
    <AlertDialog.Root open={blocker.status === 'blocked'}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 animate-fade bg-overlay" />
        <AlertDialog.Content
          onCloseAutoFocus={returnFocus}
          className="fixed top-[18vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-md -translate-x-1/2 animate-appear rounded-lg border border-n6 bg-raised p-5 shadow-float"
        >
          <AlertDialog.Title className="text-lg font-semibold">Leave without saving?</AlertDialog.Title>
          <AlertDialog.Description className="mt-1 text-n11">
            Your changes on this page have not been saved.
          </AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <Button onClick={() => blocker.reset?.()}>Stay</Button>
            <Button look="danger" onClick={leave}>
              Leave
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
