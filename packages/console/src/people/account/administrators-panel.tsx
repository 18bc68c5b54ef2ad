import { account as shapes } from '@steward/api/schema'
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { UserMinus } from 'lucide-react'
import { useState } from 'react'
import { meOptions } from '../../session/me.ts'
import { client, queryClient, trpc } from '../../session/trpc.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { useChange } from '../../ui/change.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { useForm } from '../../ui/form/use-form.ts'
import { Surface } from '../../ui/surface.tsx'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { type Account, type Administrator, administratorPages } from './accounts.ts'
import { PanelRows } from './panel-rows.tsx'

/** Who may change the account. An individual account has its person alone. */
export function AdministratorsPanel({ account }: { account: Account }) {
  const administrators = useInfiniteQuery(administratorPages(account.id))
  const [adding, setAdding] = useState(false)
  const [removed, setRemoved] = useState<Administrator | null>(null)
  const shared = account.kind === 'organization'
  const alone = administrators.data?.length === 1
  return (
    <Surface
      title="Administrators"
      about={
        shared
          ? 'They manage billing, transfer workspaces and add other administrators. Roles in workspaces are separate.'
          : 'An individual account can be administered only by its person.'
      }
      flush
      action={
        shared && (
          <Button size="small" onClick={() => setAdding(true)}>
            Add administrator
          </Button>
        )
      }
    >
      <PanelRows rows={administrators} empty="No administrators.">
        {(rows) => (
          <Table>
            <thead className="border-t border-n5 bg-n2">
              <tr>
                <Th>Name</Th>
                <Th>Email</Th>
                <Th>Since</Th>
                {shared && (
                  <Th className="w-10">
                    <span className="sr-only">Actions</span>
                  </Th>
                )}
              </tr>
            </thead>
            <tbody>
              {rows.map((person) => (
                <AdministratorRow
                  key={person.userId}
                  person={person}
                  alone={alone}
                  {...(shared && { onRemove: () => setRemoved(person) })}
                />
              ))}
            </tbody>
          </Table>
        )}
      </PanelRows>
      <AddDialog accountId={account.id} open={adding} onClose={() => setAdding(false)} />
      <RemoveDialog account={account} person={removed} onClose={() => setRemoved(null)} />
    </Surface>
  )
}

interface RowProps {
  person: Administrator
  alone: boolean
  onRemove?: () => void
}

function AdministratorRow({ person, alone, onRemove }: RowProps) {
  const { data: me } = useSuspenseQuery(meOptions())
  const words = alone
    ? 'An account needs at least one administrator. Add another one first'
    : `Remove ${person.displayName}`
  return (
    <Tr className="hover:bg-n2">
      <Td>
        <span className="flex min-w-0 items-center gap-2 font-medium whitespace-nowrap">
          <Avatar name={person.displayName || person.email} />
          <span className="truncate">{person.displayName || person.email}</span>
          {person.userId === me.account.id && <span className="font-normal text-n10">you</span>}
        </span>
      </Td>
      <Td className="text-n11">{person.email}</Td>
      <Td className="w-28 whitespace-nowrap text-n11">
        <Time at={person.createdAt} />
      </Td>
      {onRemove && (
        <Td className="w-10">
          <Tooltip text={words}>
            {/* Stays focusable, so that its reason can be read. */}
            <Button
              look="ghost"
              size="smallIcon"
              aria-label={words}
              aria-disabled={alone}
              onClick={() => alone || onRemove()}
            >
              <UserMinus aria-hidden />
            </Button>
          </Tooltip>
        </Td>
      )}
    </Tr>
  )
}

function AddDialog({ accountId, open, onClose }: { accountId: string; open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      title="Add administrator"
      description="Somebody who has already signed up here. They get no email, but they see the account in their list and can leave it."
    >
      <AddForm accountId={accountId} onClose={onClose} />
    </Dialog>
  )
}

function AddForm({ accountId, onClose }: { accountId: string; onClose: () => void }) {
  const add = useChange(trpc.account.addAdministrator.mutationOptions(), {
    quiet: true,
    refresh: () => [trpc.account.listAdministrators.pathFilter()],
    done: ({ displayName, email }) => `${displayName || email} added as an administrator`,
    undo:
      ({ userId }) =>
      () =>
        client.account.removeAdministrator.mutate({ accountId, userId }),
  })
  const form = useForm({
    schema: shapes.addAdministratorInput,
    initial: { email: '' },
    input: ({ email }) => ({ accountId, email: email.trim() }),
    submit: async (input) => {
      await add.mutateAsync(input)
      onClose()
    },
  })
  return (
    <Form form={form}>
      <TextField form={form} name="email" label="Email" type="email" autoComplete="off" spellCheck={false} autoFocus />
      <FormActions form={form} action="Add administrator" onCancel={onClose} />
    </Form>
  )
}

function RemoveDialog({
  account,
  person,
  onClose,
}: {
  account: Account
  person: Administrator | null
  onClose: () => void
}) {
  const { data: me } = useSuspenseQuery(meOptions())
  const navigate = useNavigate()
  const self = person?.userId === me.account.id
  const remove = useChange(trpc.account.removeAdministrator.mutationOptions(), {
    quiet: true,
    refresh: () => (self ? [trpc.account.list.pathFilter()] : [trpc.account.listAdministrators.pathFilter()]),
    done: () => (self ? `You no longer administer ${account.name}` : 'Administrator removed'),
    // Who has left cannot let themselves in again.
    ...(!self &&
      person && {
        undo: () => () => client.account.addAdministrator.mutate({ accountId: account.id, email: person.email }),
      }),
  })
  const confirm = async (): Promise<void> => {
    if (!person) return
    await remove.mutateAsync({ accountId: account.id, userId: person.userId })
    if (!self) return
    await navigate({ to: '/accounts' })
    queryClient.removeQueries(trpc.account.get.queryFilter({ accountId: account.id }))
  }
  return (
    <Confirm
      open={person !== null}
      onOpenChange={(open) => open || onClose()}
      title={self ? `Stop administering ${account.name}?` : `Remove ${person?.displayName ?? ''}?`}
      action={self ? 'Stop administering' : 'Remove administrator'}
      danger
      onConfirm={confirm}
    >
      <p>
        {self
          ? 'You lose access to this account. Another administrator can add you again.'
          : 'They lose access to this account. You can add them again.'}{' '}
        Roles in its workspaces do not change.
      </p>
    </Confirm>
  )
}
