import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { forgetPerson } from '../../session/forget.ts'
import { queryClient, trpc } from '../../session/trpc.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { count } from '../../ui/time-text.ts'
import { toast } from '../../ui/toast.ts'
import { ConfirmIdentity, needsConfirmation } from './confirm-identity.tsx'

interface Props {
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** Ends the other sessions, and this one too if the person wants. Tokens are not sessions and stay. */
export function SignOutEverywhere({ open, onOpenChange }: Props) {
  const [here, setHere] = useState(false)
  const [confirming, setConfirming] = useState(false)
  const id = useId()
  const router = useRouter()
  const signOut = useMutation(trpc.me.signOutEverywhere.mutationOptions())
  const confirm = async (): Promise<void> => {
    const answer = await signOut.mutateAsync({ keepCurrent: !here }).catch((error: unknown) => {
      if (!needsConfirmation(error)) throw error
      setConfirming(true)
      return null
    })
    if (!answer) return
    const { ended } = answer
    toast({ title: `${count(ended, ['session', 'sessions'])} ended` })
    if (!here) return queryClient.invalidateQueries(trpc.me.listSessions.pathFilter())
    forgetPerson()
    await router.navigate({ to: '/sign-in', replace: true, ignoreBlocker: true })
  }
  return (
    <>
      <Confirm
        open={open}
        onOpenChange={onOpenChange}
        title="Sign out everywhere?"
        action={here ? 'Sign out everywhere' : 'Sign out the others'}
        danger
        onConfirm={confirm}
      >
        <p>
          Ends every other session immediately. Trusted devices will be asked for the second factor again. Personal
          access tokens keep working.
        </p>
        <div className="mt-1 flex items-center gap-2 text-n12">
          <Checkbox id={id} checked={here} onCheckedChange={(checked) => setHere(checked === true)} />
          <label htmlFor={id}>Sign out of this browser too</label>
        </div>
      </Confirm>
      <ConfirmIdentity
        open={confirming}
        onClose={() => setConfirming(false)}
        action={here ? 'Sign out everywhere' : 'Sign out the others'}
        danger
        onDone={async () => {
          setConfirming(false)
          await confirm()
        }}
      />
    </>
  )
}
