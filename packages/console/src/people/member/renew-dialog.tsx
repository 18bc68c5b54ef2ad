import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { useChange } from '../../ui/change.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { CheckboxField, SelectField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { useWorkspace } from '../../session/use-workspace.ts'
import { LinkOnce } from './link-once.tsx'
import { endOptions } from './link-ends.ts'
import { invitationsOptions } from './members.ts'
import { useMail } from './use-mail.ts'
import { useRefreshMembers } from './use-member-changes.ts'

/** A new link for somebody who was invited; the one before stops working. */
export function RenewDialog({ memberId, email, onClose }: { memberId: string; email: string; onClose: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`New link for ${email}`}
      description="Their current link stops working immediately."
    >
      <RenewForm memberId={memberId} email={email} action="Create new link" onClose={onClose} />
    </Dialog>
  )
}

interface RenewFormProps {
  memberId: string
  email: string
  action: string
  onClose: () => void
}

export function RenewForm({ memberId, email, action, onClose }: RenewFormProps) {
  const { workspaceId } = useWorkspace()
  const queries = useQueryClient()
  const refresh = useRefreshMembers()
  const mail = useMail()
  const [made, setMade] = useState<{ link: string; expiresAt: string; emailed: boolean } | null>(null)
  const renew = useChange(
    {
      mutationFn: async (wanted: { expiresInHours: number; sendEmail: boolean }) => {
        const open = await queries.fetchQuery(invitationsOptions(workspaceId))
        const id = open.get(memberId)?.id ?? ''
        return client.member.renewInvitation.mutate({ workspaceId, id, ...wanted })
      },
    },
    { refresh, quiet: true },
  )
  const form = useForm({
    initial: { hours: '168', sendEmail: true },
    submit: async ({ hours, sendEmail }) => {
      const wanted = { expiresInHours: Number(hours), sendEmail: mail && sendEmail }
      const { link, invitation, emailed } = await renew.mutateAsync(wanted)
      setMade({ link, expiresAt: invitation.expiresAt, emailed })
    },
  })
  if (made)
    return (
      <>
        <p className="mb-2 text-n11">{made.emailed ? `It is also sent to ${email}.` : `Send it to ${email}.`}</p>
        <LinkOnce link={made.link} expiresAt={made.expiresAt} />
        <div className="mt-5 flex justify-end">
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </>
    )
  return (
    <Form form={form}>
      <SelectField form={form} name="hours" label="The link expires" options={endOptions} />
      {mail && <CheckboxField form={form} name="sendEmail" label="Notify them by email" />}
      <FormActions form={form} action={action} onCancel={onClose} />
    </Form>
  )
}
