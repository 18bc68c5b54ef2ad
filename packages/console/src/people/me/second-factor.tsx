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
      about="A code from an authenticator on your phone, asked for after the password."
    >
      {!hasPassword ? (
        <p className="text-n11">It goes with a password. You sign in at an identity provider: turn it on there.</p>
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
        description="From then on the password alone opens your account. Your authenticator’s entry and the backup codes become useless."
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
        description="The earlier ones end at once."
        action="Make new codes"
        path="two-factor/generate-backup-codes"
        onDone={({ backupCodes = [] }) => {
          close()
          setCodes(backupCodes.join('\n'))
        }}
      />
      <ShownOnce
        text={codes}
        title="Backup codes"
        description="Each of them signs you in once when the authenticator is not at hand. Keep them apart from it. They are shown this once."
        label="Backup codes"
        onClose={() => setCodes(null)}
      />
    </Surface>
  )
}
