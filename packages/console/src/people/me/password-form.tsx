import { useQueryClient } from '@tanstack/react-query'
import { signUp } from '@steward/api/schema'
import { useState } from 'react'
import { auth } from '../sign-in/auth.ts'
import { trpc } from '../../session/trpc.ts'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { missing } from '../../ui/form/issue-message.ts'
import { useForm } from '../../ui/form/use-form.ts'
import { toast } from '../../ui/toast.ts'

const empty = { currentPassword: '', password: '', again: '' }
const shape = signUp.signUpInput.pick({ password: true })

/** Empty again after each change, with nothing of the old values kept. */
export function PasswordForm() {
  const [round, setRound] = useState(0)
  return <Fields key={round} onDone={() => setRound(round + 1)} />
}

function Fields({ onDone }: { onDone: () => void }) {
  const queries = useQueryClient()
  const form = useForm({
    schema: shape,
    initial: empty,
    wrong: ({ currentPassword, password, again }) => ({
      currentPassword: currentPassword === '' && missing,
      again: password !== again && 'The two new passwords do not match.',
    }),
    submit: async ({ currentPassword, password }) => {
      await auth('change-password', { currentPassword, newPassword: password, revokeOtherSessions: true })
      await queries.invalidateQueries(trpc.me.listSessions.pathFilter())
      toast({ title: 'Password changed', detail: 'You were signed out in every other browser.' })
    },
  })
  return (
    <Form form={form} onDone={onDone}>
      <TextField
        form={form}
        name="currentPassword"
        label="Current password"
        type="password"
        autoComplete="current-password"
      />
      <TextField
        form={form}
        name="password"
        label="New password"
        type="password"
        autoComplete="new-password"
        help="At least 12 characters. A sentence is easiest to remember."
      />
      <TextField form={form} name="again" label="Repeat new password" type="password" autoComplete="new-password" />
      <FormActions form={form} action="Change password" whenDirty />
    </Form>
  )
}
