import { useState } from 'react'
import { auth } from '../sign-in/auth.ts'
import { CopyButton } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { PasswordAsk } from './password-dialog.tsx'
import { QrCode } from './qr-code.tsx'

interface Props {
  open: boolean
  onClose: () => void
  onDone: (backupCodes: string[]) => void
}

interface Started {
  uri: string
  backupCodes: string[]
}

/** Password, then the key for the authenticator, then a first code: only that turns it on. */
export function EnableSecondFactor({ open, onClose, onDone }: Props) {
  const [started, setStarted] = useState<Started | null>(null)
  const close = (): void => {
    setStarted(null)
    onClose()
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || close()}
      title="Turn on the second factor"
      description={
        started
          ? 'Scan this with an authenticator app, then enter the code it shows.'
          : 'Step 1 of 2: confirm your identity.'
      }
    >
      {started ? (
        <VerifyStep
          {...started}
          onCancel={close}
          onDone={() => {
            setStarted(null)
            onDone(started.backupCodes)
          }}
        />
      ) : (
        <PasswordAsk
          action="Continue"
          path="two-factor/enable"
          onCancel={close}
          onDone={({ totpURI = '', backupCodes = [] }) => setStarted({ uri: totpURI, backupCodes })}
        />
      )}
    </Dialog>
  )
}

function VerifyStep({ uri, onCancel, onDone }: { uri: string; onCancel: () => void; onDone: () => void }) {
  const key = keyIn(uri)
  const form = useForm({
    initial: { code: '' },
    wrong: ({ code }) => ({ code: !/^\d{6}$/.test(withoutSpaces(code)) && 'The code has six digits.' }),
    submit: async ({ code }) => {
      await auth('two-factor/verify-totp', { code: withoutSpaces(code) })
      onDone()
    },
  })
  return (
    <Form form={form} className="max-w-none">
      <div className="flex flex-wrap items-start gap-5">
        <QrCode text={uri} label="QR code with the key for your authenticator" />
        <div className="min-w-48 flex-1">
          <p className="text-sm font-medium">No camera? Enter this key</p>
          <p className="mt-1 rounded-sm border border-n5 bg-n2 p-2 font-mono text-sm leading-6 break-words select-all">
            {grouped(key)}
          </p>
          <CopyButton text={key} className="mt-2">
            Copy key
          </CopyButton>
          <p className="mt-2 text-xs text-n10">Time-based, six digits, every 30 seconds.</p>
        </div>
      </div>
      <TextField
        form={form}
        name="code"
        label="Code from your authenticator app"
        autoComplete="one-time-code"
        inputMode="numeric"
        spellCheck={false}
        autoFocus
      />
      <FormActions form={form} action="Turn on" onCancel={onCancel} />
    </Form>
  )
}

function keyIn(uri: string): string {
  return new URL(uri).searchParams.get('secret') ?? ''
}

function grouped(key: string): string {
  return key.match(/.{1,4}/g)?.join(' ') ?? key
}

/** Authenticators show the digits in groups. */
function withoutSpaces(code: string): string {
  return code.replaceAll(/\s/g, '')
}
