import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { missing } from '../../ui/form/issue-message.ts'
import { useForm } from '../../ui/form/use-form.ts'
import { auth } from './auth.ts'

interface Props {
  /** Who comes back, and nobody else. */
  email?: string
  onDone: (secondFactorDue: boolean) => void | Promise<void>
}

export function SignInForm({ email: known, onDone }: Props) {
  const form = useForm({
    initial: { email: known ?? '', password: '' },
    wrong: ({ email, password }) => ({ email: !email.trim() && missing, password: !password && missing }),
    submit: async ({ email, password }) => {
      const answer = await auth('sign-in/email', { email: email.trim(), password })
      await onDone(answer.twoFactorRedirect === true)
    },
  })
  return (
    <Form form={form}>
      <TextField
        form={form}
        name="email"
        label="Email"
        type="email"
        autoComplete="username"
        readOnly={known !== undefined}
        autoFocus={known === undefined}
      />
      <TextField
        form={form}
        name="password"
        label="Password"
        type="password"
        autoComplete="current-password"
        autoFocus={known !== undefined}
      />
      <FormActions form={form} action="Sign in" />
    </Form>
  )
}
