import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { useWorkspace } from '../../session/use-workspace.ts'
import { type Member, allMembersOptions, nameOf, roleLabels } from '../../session/members.ts'
import { useTransfer } from './use-member-changes.ts'

/** Asks who is to own the workspace, unless that is known, and then for its name. */
export function TransferDialog({ to, onClose }: { to: Member | null; onClose: () => void }) {
  const { workspaceId, workspace, me } = useWorkspace()
  const { data: members = [] } = useQuery(allMembersOptions(workspaceId))
  const [picked, setPicked] = useState<string | null>(null)
  const [asked, setAsked] = useState<Member | null>(to)
  const transfer = useTransfer()
  const candidates = members.filter(({ userId }) => userId !== undefined && userId !== me.id)
  if (asked)
    return (
      <Confirm
        open
        onOpenChange={(open) => !open && onClose()}
        title={`Make ${nameOf(asked)} the owner?`}
        action="Transfer ownership"
        danger
        typedName={workspace.name}
        onConfirm={() => transfer(asked)}
      >
        <p>
          {asked.email} will own {workspace.name} and be able to delete it. You become an administrator, and only they
          can transfer it back.
        </p>
      </Confirm>
    )
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Transfer ownership"
      description={`${workspace.name} has one owner. Who should be the next one?`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            disabled={picked === null}
            onClick={() => setAsked(candidates.find(({ id }) => id === picked) ?? null)}
          >
            Continue
          </Button>
        </>
      }
    >
      <Field label="New owner" help="Invited people have to join before they can become the owner.">
        {(control) => (
          <Combobox
            {...control}
            value={picked}
            onChange={setPicked}
            placeholder="Choose a member"
            empty="No matching member."
            options={candidates.map((member) => ({
              value: member.id,
              label: nameOf(member) === member.email ? member.email : `${nameOf(member)} · ${member.email}`,
              hint: roleLabels[member.role].label,
            }))}
          />
        )}
      </Field>
    </Dialog>
  )
}
