import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { allMembersOptions, nameOf, roleLabels } from '../session/members.ts'
import { client, trpc } from '../session/trpc.ts'
import { Combobox } from '../ui/combobox.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { FormField, TextField } from '../ui/form/fields.tsx'
import { Form, FormActions } from '../ui/form/form.tsx'
import { useForm } from '../ui/form/use-form.ts'
import { shortId } from '../ui/ids.ts'
import { count } from '../ui/time-text.ts'
import { toast } from '../ui/toast.ts'
import { useWorkspace } from '../session/use-workspace.ts'

/** Takes a person's data out of the trail, for good. */
export function EraseDialog({ userId, onClose }: { userId: string | null; onClose: () => void }) {
  const { workspaceId } = useWorkspace()
  const { data: members = [] } = useQuery(allMembersOptions(workspaceId))
  const [asked, setAsked] = useState(userId)
  const [done, setDone] = useState(0)
  const erase = useErase(setDone)
  const form = useForm({
    initial: { member: '', formerId: '' },
    wrong: ({ member, formerId }) => ({
      member: !member && !formerId.trim() && 'Choose a member, or enter an id below.',
    }),
    submit: async ({ member, formerId }) => setAsked(formerId.trim() || member),
  })
  const email = members.find((member) => member.userId === asked)?.email
  if (asked !== null)
    return (
      <Confirm
        open
        onOpenChange={(open) => !open && onClose()}
        title={`Erase the data of ${email ?? shortId(asked)}?`}
        action="Erase permanently"
        danger
        typedName={email ?? asked}
        onConfirm={() => erase(asked)}
      >
        <p>
          In every record by or about them, the names, the values before and after, the IP address and the user agent
          are erased. The fact that they did something, the time and the hash chain stay, so the trail still verifies.
        </p>
        <p>This cannot be undone. The erasure itself is recorded.</p>
        {done > 0 && <p role="status">{count(done, ['record', 'records'])} erased so far.</p>}
      </Confirm>
    )
  const people = members.filter((member) => member.userId !== undefined)
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Erase personal data"
      description="Choose whose data to erase from the audit trail of this workspace."
    >
      <Form form={form} className="max-w-none">
        <FormField form={form} name="member" label="Member">
          {({ value, set, ...control }) => (
            <Combobox
              {...control}
              value={String(value) || null}
              onChange={set}
              placeholder="Choose a member"
              empty="No matching member."
              options={people.map((member) => ({
                value: member.userId ?? '',
                label: nameOf(member) === member.email ? member.email : `${nameOf(member)} · ${member.email}`,
                hint: roleLabels[member.role].label,
              }))}
            />
          )}
        </FormField>
        <TextField
          form={form}
          name="formerId"
          label="Or the user id of a former member"
          optional
          help="It is in the records of what they did."
          maxLength={36}
          autoComplete="off"
          spellCheck={false}
        />
        <FormActions form={form} action="Continue" onCancel={onClose} danger />
      </Form>
    </Dialog>
  )
}

/** A thousand records at a time, until there are none left. */
function useErase(onProgress: (erased: number) => void): (userId: string) => Promise<void> {
  const { workspaceId } = useWorkspace()
  const queries = useQueryClient()
  return async (userId) => {
    let erased = 0
    try {
      for (let more = true; more;) {
        const answer = await client.audit.erase.mutate({ id: workspaceId, userId })
        erased += answer.erased
        more = answer.more && answer.erased > 0
        onProgress(erased)
      }
    } finally {
      await queries.invalidateQueries(trpc.audit.pathFilter())
    }
    toast({ title: erased === 0 ? 'There was nothing to erase' : `${count(erased, ['record', 'records'])} erased` })
  }
}
