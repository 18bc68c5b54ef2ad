import { type AuthAnswer, auth } from '../sign-in/auth.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { missing } from '../../ui/form/issue-message.ts'
import { useForm } from '../../ui/form/use-form.ts'

interface Props {
  open: boolean
  onClose: () => void
  title: string
  description: string
  /** The verb. */
  action: string
  danger?: boolean
  /** Under /auth; gets the password. */
  path: string
  onDone: (answer: AuthAnswer) => void | Promise<void>
}

/** Asks for the password again before something about it changes. */
export function PasswordDialog({ open, onClose, title, description, ...form }: Props) {
  return (
    <Dialog open={open} onOpenChange={(next) => next || onClose()} title={title} description={description}>
      <PasswordAsk {...form} onCancel={onClose} />
    </Dialog>
  )
}

type AskProps = Pick<Props, 'action' | 'danger' | 'path' | 'onDone'> & { onCancel: () => void }

export function PasswordAsk({ action, danger, path, onDone, onCancel }: AskProps) {
  const form = useForm({
    initial: { password: '' },
    wrong: ({ password }) => ({ password: !password && missing }),
    submit: async ({ password }) => {
      await onDone(await auth(path, { password }))
    },
  })
  return (
    <Form form={form}>
      <TextField
        form={form}
        name="password"
        label="Your password"
        type="password"
        autoComplete="current-password"
        autoFocus
      />
      <FormActions form={form} action={action} onCancel={onCancel} {...(danger && { danger })} />
    </Form>
  )
}
