import { StewardError } from '@steward/api/client'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { signOut } from '../sign-in/auth.ts'
import { queryClient } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { PasswordAsk } from './password-dialog.tsx'
import { signInStateOptions } from './sign-in-state.ts'

/** Whether this was refused because the session has to be confirmed first. */
export function needsConfirmation(error: unknown): boolean {
  return error instanceof StewardError && error.metadata['confirm'] === true
}

interface Props {
  open: boolean
  onClose: () => void
  /** The verb of what goes on after it. */
  action: string
  danger?: boolean
  onDone: () => Promise<void>
}

/** Asks who is there for what a session may do only when that was proved within ten minutes. */
export function ConfirmIdentity({ open, onClose, onDone, ...form }: Props) {
  const { data } = useQuery({ ...signInStateOptions(), enabled: open })
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      title="Confirm your identity"
      description="You signed in a while ago."
    >
      {data?.hasPassword === false ? (
        <SignInAgain onCancel={onClose} />
      ) : (
        <PasswordAsk {...form} path="confirm" onCancel={onClose} onDone={onDone} />
      )}
    </Dialog>
  )
}

function SignInAgain({ onCancel }: { onCancel: () => void }) {
  const router = useRouter()
  const leave = async (): Promise<void> => {
    await signOut()
    queryClient.clear()
    await router.navigate({ to: '/sign-in', search: { next: router.state.location.href } })
  }
  return (
    <div className="flex flex-col gap-4">
      <p>You have no password here. Sign in again with your identity provider, then do this within ten minutes.</p>
      <div className="flex gap-2">
        <Button look="primary" onClick={() => void leave()}>
          Sign in again
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
    </div>
  )
}
