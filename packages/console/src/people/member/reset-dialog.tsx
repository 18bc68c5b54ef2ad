import { useState } from 'react'
import { ConfirmIdentity, needsConfirmation } from '../me/confirm-identity.tsx'
import { client } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { CheckboxField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { useWorkspace } from '../../session/use-workspace.ts'
import { LinkOnce } from './link-once.tsx'
import { useMail } from './use-mail.ts'

interface Resets {
  password: boolean
  secondFactor: boolean
  sendEmail: boolean
}

interface Props {
  memberId: string
  email: string
  onClose: () => void
}

/** A one-time link by which a member gets back in; shown once to whoever makes it. */
export function ResetDialog({ memberId, email, onClose }: Props) {
  const { workspaceId } = useWorkspace()
  const mail = useMail()
  const [made, setMade] = useState<{ link: string; expiresAt: string; emailed: boolean } | null>(null)
  const [confirming, setConfirming] = useState(false)
  const make = async (values: Resets): Promise<void> =>
    setMade(await client.recovery.createForMember.mutate({ workspaceId, memberId, ...values }))
  const form = useForm({
    initial: { password: true, secondFactor: false, sendEmail: false },
    wrong: ({ password, secondFactor }) => ({ password: !password && !secondFactor && 'Choose what the link resets.' }),
    submit: async (values) => {
      try {
        await make(values)
      } catch (error) {
        if (!needsConfirmation(error)) throw error
        setConfirming(true)
      }
    },
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={made ? `Give this link to ${email}` : `Reset how ${email} signs in`}
      description={
        made
          ? made.emailed
            ? 'It is also sent to them by email.'
            : 'Anybody with this link can sign in as this person. Do not give it to anybody else.'
          : 'You get a link that works once, for a day. Using it signs them out everywhere.'
      }
    >
      {made ? (
        <>
          <LinkOnce label="Recovery link" link={made.link} expiresAt={made.expiresAt} />
          <div className="mt-5 flex justify-end">
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </div>
        </>
      ) : (
        <>
          <Form form={form}>
            <CheckboxField form={form} name="password" label="They choose a new password" />
            <CheckboxField form={form} name="secondFactor" label="Their second factor is removed" />
            {mail && <CheckboxField form={form} name="sendEmail" label="Send them the link by email" />}
            <FormActions form={form} action="Create link" onCancel={onClose} />
          </Form>
          <ConfirmIdentity
            open={confirming}
            onClose={() => setConfirming(false)}
            action="Create link"
            onDone={() => make(form.values)}
          />
        </>
      )}
    </Dialog>
  )
}
