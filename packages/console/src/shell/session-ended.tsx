import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
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
  useSamePerson()
  return useSessionEnded() ? <SignInAgain /> : null
}

/** Leaves for another page, and with it all that this one holds of who was here. */
function useLeave(): (to: '/' | '/sign-in') => Promise<void> {
  const router = useRouter()
  return async (to) => {
    forgetPerson()
    await router.navigate({ to, replace: true, ignoreBlocker: true })
  }
}

/** Tabs share their session: where somebody else has signed in meanwhile, this page is not theirs to see and to save. */
function useSamePerson(): void {
  const queries = useQueryClient()
  const { data } = useSuspenseQuery(meOptions())
  const { id } = data.account
  const [here, setHere] = useState(id)
  const leave = useLeave()
  const left = useEffectEvent(() => {
    setHere(id)
    void leave('/')
  })
  useEffect(() => {
    if (id !== here) left()
  }, [id, here])
  useEffect(() => {
    const ask = (): void => void queries.invalidateQueries(meOptions())
    window.addEventListener('focus', ask)
    return () => window.removeEventListener('focus', ask)
  }, [queries])
}

function SignInAgain() {
  const queries = useQueryClient()
  const leave = useLeave()
  const { href } = useLocation()
  // Kept while it is asked for again: who was here last.
  const [person] = useState(() => queries.getQueryData(meOptions().queryKey)?.account)
  const [codeDue, setCodeDue] = useState(false)
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
