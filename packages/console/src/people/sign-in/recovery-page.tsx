import { Link, getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { client, queryClient } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { missing } from '../../ui/form/issue-message.ts'
import { useForm } from '../../ui/form/use-form.ts'
import { Time } from '../../ui/time.tsx'
import { Entrance } from './entrance.tsx'
import { forgetLink } from './link-secret.ts'

const route = getRouteApi('/recovery')

/** Lets the holder of a recovery link in again: a new password, or no second factor any more. */
export function RecoveryPage() {
  const { link } = route.useLoaderData()
  const [tokens, setTokens] = useState<number | null>(null)
  const { email, password, secondFactor, expiresAt } = link
  if (tokens !== null)
    return (
      <Entrance title="Done" about={`Sign in as ${email}. You were signed out everywhere else.`}>
        <div className="flex flex-col gap-4">
          {tokens > 0 && (
            <p className="text-n11">
              Personal access tokens stay valid: you have {tokens}. Revoke those you do not recognize.
            </p>
          )}
          <Button asChild look="primary">
            <Link to="/sign-in">Go to sign-in</Link>
          </Button>
        </div>
      </Entrance>
    )
  return (
    <Entrance
      title={password ? 'Choose a new password' : 'Remove the second factor'}
      about={
        <>
          For {email}. {password && secondFactor && 'The second factor is removed, too. '}The link expires{' '}
          <Time at={expiresAt} />.
        </>
      }
    >
      <UseForm asksPassword={password} email={email} onDone={setTokens} />
    </Entrance>
  )
}

interface UseProps {
  asksPassword: boolean
  email: string
  onDone: (tokens: number) => void
}

function UseForm({ asksPassword, email, onDone }: UseProps) {
  const { secret } = route.useLoaderData()
  const form = useForm({
    initial: { password: '' },
    wrong: ({ password }) => ({ password: asksPassword && !password && missing }),
    submit: async ({ password }) => {
      const { tokens } = await client.recovery.use.mutate({ secret, ...(asksPassword && { password }) })
      forgetLink('recovery')
      queryClient.clear()
      onDone(tokens)
    },
  })
  return (
    <Form form={form}>
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      {asksPassword && (
        <TextField
          form={form}
          name="password"
          label="New password"
          type="password"
          help="At least 12 characters. A sentence is easiest to remember."
          autoComplete="new-password"
          autoFocus
        />
      )}
      <FormActions form={form} action={asksPassword ? 'Set password' : 'Remove second factor'} />
    </Form>
  )
}
