import { useQuery } from '@tanstack/react-query'
import { recovery } from '@steward/api/schema'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { client, trpc } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { Entrance } from './entrance.tsx'

/** What to do about a forgotten password, a lost phone or a lost identity provider: a link by mail, or whom to ask. */
export function ForgotPage() {
  const { data } = useQuery(trpc.setup.status.queryOptions({}))
  const [sent, setSent] = useState(false)
  if (!data) return null
  return (
    <Entrance title={sent ? 'Check your inbox' : 'Reset your password'}>
      <div className="flex flex-col gap-4">
        {sent ? (
          <p>If somebody signs in here with this address and a password, an email with a link is on its way.</p>
        ) : (
          data.mail && <AskForm onDone={() => setSent(true)} />
        )}
        <p className="text-n11">
          {data.mail ? 'No email, a lost phone, ' : 'A lost phone, '}
          or the identity provider you signed in with is no longer there? Ask an administrator of your workspace for a
          link: Members, then “Reset sign-in…”. If they cannot create one, ask the operator of this installation.
        </p>
        <Button asChild look={sent || !data.mail ? 'primary' : 'plain'}>
          <Link to="/sign-in">Back to sign-in</Link>
        </Button>
      </div>
    </Entrance>
  )
}

function AskForm({ onDone }: { onDone: () => void }) {
  const form = useForm({
    schema: recovery.requestInput,
    initial: { email: '' },
    submit: async (input) => {
      await client.recovery.request.mutate(input)
      onDone()
    },
  })
  return (
    <Form form={form}>
      <TextField form={form} name="email" label="Email" type="email" autoComplete="username" autoFocus />
      <FormActions form={form} action="Send link" />
    </Form>
  )
}
