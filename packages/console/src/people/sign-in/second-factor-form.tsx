import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { CheckboxField, TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { missing } from '../../ui/form/issue-message.ts'
import { useForm } from '../../ui/form/use-form.ts'
import { auth } from './auth.ts'

interface Props {
  onDone: () => void | Promise<void>
  onCancel: () => void
}

/** A code of the authenticator, or one of the backup codes. */
export function SecondFactorForm({ onDone, onCancel }: Props) {
  const [backup, setBackup] = useState(false)
  const form = useForm({
    initial: { code: '', trustDevice: false },
    wrong: ({ code }) => ({ code: !code.trim() && missing }),
    submit: async ({ code, trustDevice }) => {
      const typed = code.replaceAll(/\s/g, '')
      await auth(backup ? 'two-factor/verify-backup-code' : 'two-factor/verify-totp', { code: typed, trustDevice })
      await onDone()
    },
  })
  return (
    <Form form={form}>
      <TextField
        key={backup ? 'backup' : 'totp'}
        form={form}
        name="code"
        label={backup ? 'Backup code' : 'Code from your authenticator app'}
        help={backup ? 'Each code works once.' : 'Six digits that change every 30 seconds.'}
        autoComplete="one-time-code"
        inputMode={backup ? 'text' : 'numeric'}
        spellCheck={false}
        autoFocus
      />
      <CheckboxField form={form} name="trustDevice" label="Do not ask again on this device for 30 days" />
      <FormActions form={form} action="Verify code" onCancel={onCancel} />
      <Button
        look="link"
        size="inline"
        className="self-start"
        onClick={() => {
          form.reset()
          setBackup(!backup)
        }}
      >
        {backup ? 'Use your authenticator app' : 'Use a backup code'}
      </Button>
    </Form>
  )
}
