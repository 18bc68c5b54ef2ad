import { setup } from '@steward/api/schema'
import { Link, getRouteApi, useLocation, useRouter } from '@tanstack/react-router'
import { client, queryClient } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { CheckboxField, TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { auth } from './auth.ts'
import { Entrance } from './entrance.tsx'

const route = getRouteApi('/set-up')

/** Makes the first person the owner of this installation, and signs them in. */
export function SetUpPage() {
  const { state } = route.useLoaderData()
  if (state === 'claimed')
    return (
      <Entrance title="Already set up" about="This installation has an owner. Sign in, or ask for an invitation.">
        <Button asChild look="primary">
          <Link to="/sign-in">Sign in</Link>
        </Button>
      </Entrance>
    )
  return (
    <Entrance title="Set up Steward" about="You become the owner of this installation and its first workspace.">
      <SetUpForm />
    </Entrance>
  )
}

function SetUpForm() {
  const code = useLocation().hash
  const router = useRouter()
  const form = useForm({
    schema: setup.claimInput,
    initial: { code, name: '', email: '', password: '', revokeFirstToken: true },
    input: ({ revokeFirstToken, ...values }) => ({ ...values, keepFirstToken: !revokeFirstToken }),
    submit: async (input) => {
      await client.setup.claim.mutate(input)
      await auth('sign-in/email', { email: input.email, password: input.password })
      queryClient.clear()
      await router.navigate({ to: '/', replace: true })
    },
  })
  return (
    <Form form={form}>
      <TextField
        form={form}
        name="code"
        label="Setup code"
        help="The server printed it when it started: stw_set_… It is valid for a day."
        autoComplete="off"
        spellCheck={false}
        autoFocus={code === ''}
      />
      <TextField form={form} name="name" label="Name" autoComplete="name" autoFocus={code !== ''} />
      <TextField form={form} name="email" label="Email" type="email" autoComplete="username" />
      <TextField
        form={form}
        name="password"
        label="Password"
        type="password"
        help="At least 12 characters. A sentence is easiest to remember."
        autoComplete="new-password"
      />
      <CheckboxField
        form={form}
        name="revokeFirstToken"
        label="Revoke the first token"
        help="The server printed it, so it may be in a log. Keep it only if a script uses it; it expires after a week."
      />
      <FormActions form={form} action="Create owner account" />
    </Form>
  )
}
