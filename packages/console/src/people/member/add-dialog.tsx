import { invitation as shapes, member as memberShapes } from '@steward/api/schema'
import { useState } from 'react'
import { client } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { useChange } from '../../ui/change.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { CheckboxField, SelectField, TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { useWorkspace } from '../../session/use-workspace.ts'
import { endOptions } from './link-ends.ts'
import { LinkOnce } from './link-once.tsx'
import { rolesGivenBy } from './member-rules.ts'
import { type Member, nameOf, roleLabels } from '../../session/members.ts'
import { RenewForm } from './renew-dialog.tsx'
import { useMail } from './use-mail.ts'
import { useRefreshMembers } from './use-member-changes.ts'

type Way = 'link' | 'direct'
type Done =
  | { kind: 'link'; email: string; link: string; expiresAt: string; emailed: boolean }
  | { kind: 'pending'; member: Member }

/** Takes people in: by a link that anybody with the address can follow, or at once for those who have an account. */
export function AddDialog({ onClose }: { onClose: () => void }) {
  const [way, setWay] = useState<Way>('link')
  const [done, setDone] = useState<Done | null>(null)
  const [again, setAgain] = useState(0)
  if (done?.kind === 'link')
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={done.emailed ? `Invitation sent to ${done.email}` : `Send this link to ${done.email}`}
        actions={
          <>
            <Button
              onClick={() => {
                setAgain(again + 1)
                setDone(null)
              }}
            >
              Invite another
            </Button>
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </>
        }
      >
        <LinkOnce link={done.link} expiresAt={done.expiresAt} />
      </Dialog>
    )
  if (done?.kind === 'pending')
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={`${done.member.email} invited`}
        description="Nobody with this address has an account here yet, so they need a link to join. Create one and send it to them."
      >
        <RenewForm memberId={done.member.id} email={done.member.email} action="Create link" onClose={onClose} />
      </Dialog>
    )
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Add people">
      <Segmented
        label="How"
        value={way}
        onChange={setWay}
        options={[
          { value: 'link', label: 'Invite by link' },
          { value: 'direct', label: 'Add by email' },
        ]}
      />
      <AddForm key={again} way={way} onDone={setDone} onClose={onClose} />
    </Dialog>
  )
}

interface AddFormProps {
  way: Way
  onDone: (done: Done) => void
  onClose: () => void
}

function AddForm({ way, onDone, onClose }: AddFormProps) {
  const { workspaceId, role: own } = useWorkspace()
  const refresh = useRefreshMembers()
  const mail = useMail()
  const add = useAdd()
  const invite = useChange(
    { mutationFn: (input: Parameters<typeof client.member.invite.mutate>[0]) => client.member.invite.mutate(input) },
    { refresh, quiet: true },
  )
  const form = useForm({
    schema: way === 'link' ? shapes.inviteMemberInput : memberShapes.createWorkspaceMemberInput,
    initial: { email: '', role: 'developer', hours: '168', sendEmail: true },
    input: ({ email, role, hours, sendEmail }) => ({
      workspaceId,
      email: email.trim(),
      role: role as Member['role'],
      ...(way === 'link' && { expiresInHours: Number(hours) }),
      sendEmail: mail && sendEmail,
    }),
    submit: async (input) => {
      if (way === 'link') {
        const { invitation, link, emailed } = await invite.mutateAsync(input)
        onDone({ kind: 'link', email: invitation.email, link, expiresAt: invitation.expiresAt, emailed })
        return
      }
      const member = await add.mutateAsync(input)
      if (member.userId === undefined && !input.sendEmail) onDone({ kind: 'pending', member })
      else onClose()
    },
    fieldOf: (path) => (path === 'expiresInHours' ? 'hours' : path),
  })
  const roles = rolesGivenBy(own)
  return (
    <Form form={form} className="mt-4">
      <TextField
        form={form}
        name="email"
        label="Email"
        type="email"
        inputMode="email"
        autoComplete="off"
        autoFocus
        help={
          way === 'link'
            ? 'You get a link to send them. It works only for this address.'
            : 'Somebody with an account here becomes a member right away. Anybody else is invited, and you create their link next.'
        }
      />
      <SelectField
        form={form}
        name="role"
        label="Role"
        options={roles.map((value) => ({ value, label: roleLabels[value].label }))}
        help={roleLabels[form.values.role as Member['role']].about}
      />
      {way === 'link' && <SelectField form={form} name="hours" label="The link expires" options={endOptions} />}
      {mail && <CheckboxField form={form} name="sendEmail" label="Notify them by email" />}
      <FormActions form={form} action={way === 'link' ? 'Invite' : 'Add member'} onCancel={onClose} />
    </Form>
  )
}

/** Adding somebody we know is undone by removing them. */
function useAdd() {
  const { workspaceId } = useWorkspace()
  const refresh = useRefreshMembers()
  return useChange(
    { mutationFn: (input: Parameters<typeof client.member.create.mutate>[0]) => client.member.create.mutate(input) },
    {
      refresh,
      done: (member) =>
        `${nameOf(member)} ${member.userId === undefined ? 'invited' : 'added'} as ${roleLabels[member.role].label.toLowerCase()}`,
      undo:
        ({ id }) =>
        () =>
          client.member.delete.mutate({ workspaceId, id }),
      quiet: true,
    },
  )
}
