import { signUp } from '@steward/api/schema'
import { Link, getRouteApi, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { type Failure, failureOf } from '../../base/failure.ts'
import { client, queryClient } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { ErrorNote } from '../../ui/error-state.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { Time } from '../../ui/time.tsx'
import { auth, signOut } from './auth.ts'
import { forgetPerson } from '../../session/forget.ts'
import { Entrance } from './entrance.tsx'
import { forgetLink } from './link-secret.ts'
import { ProviderButtons } from './provider-buttons.tsx'

const route = getRouteApi('/invitations')

/** Joins a workspace by the link of an invitation: as who one is, or as somebody new. */
export function InvitationPage() {
  const { invitation, me } = route.useLoaderData()
  const { workspaceName, email, role, expiresAt } = invitation
  return (
    <Entrance
      title={`Join ${workspaceName}`}
      about={
        <>
          {email} is invited as {role}. The invitation expires <Time at={expiresAt} />.
        </>
      }
    >
      {me ? <Join email={me.email} invited={email} /> : <SignUp email={email} />}
    </Entrance>
  )
}

function useEnter(): (workspaceId: string) => Promise<void> {
  const router = useRouter()
  return async (workspaceId) => {
    queryClient.clear()
    forgetLink('invitation')
    await router.navigate({ to: '/w/$workspaceId/home', params: { workspaceId }, replace: true })
  }
}

function Join({ email, invited }: { email: string; invited: string }) {
  const { secret } = route.useLoaderData()
  const enter = useEnter()
  const router = useRouter()
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const other = email.toLowerCase() !== invited.toLowerCase()
  const join = async (): Promise<void> => {
    setBusy(true)
    setFailure(null)
    try {
      const { workspaceId } = await client.member.acceptInvitation.mutate({ secret })
      await enter(workspaceId)
    } catch (error) {
      setFailure(failureOf(error))
    }
    setBusy(false)
  }
  const leave = async (): Promise<void> => {
    await signOut()
    forgetPerson()
    await router.invalidate()
  }
  return (
    <div className="flex flex-col gap-4">
      <p>
        You are signed in as <span className="font-medium">{email}</span>
        {other && ', which is not the address that was invited'}.
      </p>
      {failure && <ErrorNote failure={failure} />}
      <div className="flex gap-2">
        {!other && (
          <Button look="primary" busy={busy} onClick={() => void join()}>
            Join workspace
          </Button>
        )}
        <Button onClick={() => void leave()} look={other ? 'primary' : 'plain'}>
          Use another account
        </Button>
      </div>
    </div>
  )
}

function SignUp({ email }: { email: string }) {
  const { secret } = route.useLoaderData()
  const enter = useEnter()
  const form = useForm({
    schema: signUp.signUpInput,
    initial: { email, name: '', password: '' },
    input: (values) => ({ ...values, invitation: secret }),
    submit: async (input) => {
      const made = await client.me.signUp.mutate(input)
      await auth('sign-in/email', { email: input.email, password: input.password })
      await enter(made.joinedWorkspaceId ?? made.workspaceId)
    },
  })
  return (
    <Form form={form}>
      <TextField form={form} name="email" label="Email" type="email" autoComplete="username" readOnly />
      <TextField form={form} name="name" label="Name" autoComplete="name" autoFocus />
      <TextField
        form={form}
        name="password"
        label="Password"
        type="password"
        help="At least 12 characters. A sentence is easiest to remember."
        autoComplete="new-password"
      />
      <FormActions form={form} action="Create account and join" />
      <p className="text-n11">
        Already have an account?{' '}
        <Link to="/sign-in" search={{ next: '/invitations' }} className="text-accent-text underline underline-offset-2">
          Sign in
        </Link>{' '}
        and come back.
      </p>
      <ProviderButtons back="/invitations" failed="/sign-in" />
    </Form>
  )
}
