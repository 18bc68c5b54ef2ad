import { useQueryClient } from '@tanstack/react-query'
import { useLocation, useRouter } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useState } from 'react'
import { localPath } from '../base/links.ts'
import { ProviderButtons } from '../people/sign-in/provider-buttons.tsx'
import { SecondFactorForm } from '../people/sign-in/second-factor-form.tsx'
import { SignInForm } from '../people/sign-in/sign-in-form.tsx'
import { forgetPerson } from '../session/forget.ts'
import { meOptions } from '../session/me.ts'
import { resumeSession, useSessionEnded } from '../session/session-end.ts'
import { asksWho, client } from '../session/trpc.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** Over the page of somebody whose session has ended: they sign in again and go on where they were. */
export function SessionEnded() {
  return useSessionEnded() ? <SignInAgain /> : null
}

function SignInAgain() {
  const queries = useQueryClient()
  const router = useRouter()
  const { href } = useLocation()
  // Kept while it is asked for again: who was here last.
  const [person] = useState(() => queries.getQueryData(meOptions().queryKey)?.account)
  const [codeDue, setCodeDue] = useState(false)
  const leave = async (to: '/' | '/sign-in'): Promise<void> => {
    forgetPerson()
    await router.navigate({ to, replace: true, ignoreBlocker: true })
  }
  const goOn = async (): Promise<void> => {
    const { account } = await client.me.get.query({}, { context: { [asksWho]: true } })
    // What stands on the page was another person's to see and to change.
    if (account.id !== person?.id) return leave('/')
    resumeSession()
    await queries.invalidateQueries()
  }
  // Signed in again in another tab, they find this one as they left it.
  const look = useEffectEvent(() => void goOn().catch(() => {}))
  useEffect(() => {
    const listener = (): void => look()
    window.addEventListener('focus', listener)
    return () => window.removeEventListener('focus', listener)
  }, [])
  return (
    <Dialog
      open
      // Without a session there is nothing to go back to.
      onOpenChange={() => {}}
      closable={false}
      title={codeDue ? 'Second factor' : 'Sign in again'}
      description="Your session has ended. Everything you typed on this page is still here."
    >
      {codeDue ? (
        <SecondFactorForm onDone={goOn} onCancel={() => setCodeDue(false)} />
      ) : (
        <>
          <SignInForm {...(person && { email: person.email })} onDone={(due) => (due ? setCodeDue(true) : goOn())} />
          <ProviderButtons back={localPath(href) ?? '/'} failed="/sign-in" />
        </>
      )}
      <p className="mt-4 border-t border-n5 pt-3">
        <Button look="link" size="inline" onClick={() => void leave('/sign-in')}>
          Sign in as another user
        </Button>
      </p>
    </Dialog>
  )
}
