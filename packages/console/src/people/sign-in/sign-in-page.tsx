import { Link, getRouteApi, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { localPath } from '../../base/links.ts'
import { queryClient } from '../../session/trpc.ts'
import { Entrance } from './entrance.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { ProviderButtons } from './provider-buttons.tsx'
import { whyNotIn } from './provider-error.ts'
import { SecondFactorForm } from './second-factor-form.tsx'

const route = getRouteApi('/sign-in')

/** Email and password, then a code where the person has a second factor. */
export function SignInPage() {
  const { next, error, step } = route.useSearch()
  // Who comes back from an identity provider owes the code just as who gave a password.
  const [half, setHalf] = useState(step === 'code')
  const router = useRouter()
  const enter = async (): Promise<void> => {
    queryClient.clear()
    await router.invalidate()
    // Looked at here: a value that the route drops comes back, since the router merges the raw search.
    await router.navigate({ href: localPath(next) ?? '/', replace: true })
  }
  if (half)
    return (
      <Entrance title="Second factor" about="One more step.">
        <SecondFactorForm onDone={enter} onCancel={() => setHalf(false)} />
      </Entrance>
    )
  return (
    <Entrance title="Sign in" foot="No account? Ask an administrator of your workspace for an invitation.">
      {error !== undefined && (
        <p role="alert" className="mb-4 rounded-sm border border-bad-border bg-bad-surface p-3 break-words text-bad">
          {whyNotIn(error)}
        </p>
      )}
      <SignInForm onDone={(due) => (due ? setHalf(true) : enter())} />
      <p className="mt-4">
        <Link to="/forgot" className="text-accent-text underline-offset-2 hover:underline">
          Can’t sign in?
        </Link>
      </p>
      <ProviderButtons back={localPath(next) ?? '/'} failed="/sign-in" />
    </Entrance>
  )
}
