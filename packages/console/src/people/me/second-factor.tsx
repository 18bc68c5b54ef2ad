import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { State } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Surface } from '../../ui/surface.tsx'
import { toast } from '../../ui/toast.ts'
import { EnableSecondFactor } from './enable-second-factor.tsx'
import { PasswordDialog } from './password-dialog.tsx'
import { ShownOnce } from './shown-once.tsx'
import { signInStateOptions } from './sign-in-state.ts'

interface Props {
  enabled: boolean
  hasPassword: boolean
}

/** A code of an authenticator beside the password. */
export function SecondFactor({ enabled, hasPassword }: Props) {
  const [open, setOpen] = useState<'enable' | 'disable' | 'codes' | null>(null)
  const [codes, setCodes] = useState<string | null>(null)
  const queries = useQueryClient()
  const close = (): void => setOpen(null)
  const reread = (): Promise<void> => queries.invalidateQueries(signInStateOptions())
  return (
    <Surface
      title={
        <span className="flex items-center gap-2">
          Second factor
          {enabled ? <State tone="good">On</State> : <State tone="neutral">Off</State>}
        </span>
      }
      about="A code from an authenticator app on your phone, requested after the password."
    >
      {!hasPassword ? (
        <p className="text-n11">It requires a password. You sign in with an identity provider: turn it on there.</p>
      ) : enabled ? (
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setOpen('codes')}>New backup codes…</Button>
          <Button look="dangerQuiet" onClick={() => setOpen('disable')}>
            Turn off…
          </Button>
        </div>
      ) : (
        <Button look="primary" onClick={() => setOpen('enable')}>
          Turn on…
        </Button>
      )}
      <EnableSecondFactor
        open={open === 'enable'}
        onClose={close}
        onDone={(backup) => {
          close()
          setCodes(backup.join('\n'))
          void reread()
        }}
      />
      <PasswordDialog
        open={open === 'disable'}
        onClose={close}
        title="Turn off the second factor"
        description="After that, your password alone is enough to sign in. The entry in your authenticator app and the backup codes stop working."
        action="Turn off"
        danger
        path="two-factor/disable"
        onDone={async () => {
          close()
          await reread()
          toast({ title: 'Second factor turned off' })
        }}
      />
      <PasswordDialog
        open={open === 'codes'}
        onClose={close}
        title="New backup codes"
        description="The previous codes stop working immediately."
        action="Create new codes"
        path="two-factor/generate-backup-codes"
        onDone={({ backupCodes = [] }) => {
          close()
          setCodes(backupCodes.join('\n'))
        }}
      />
      <ShownOnce
        text={codes}
        title="Backup codes"
        description="Each code works once, for when you do not have your authenticator app. Keep them in a separate place. They are shown only once."
        label="Backup codes"
        onClose={() => setCodes(null)}
      />
    </Surface>
  )
}
