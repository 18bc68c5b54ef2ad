import { bot as shapes } from '@steward/api/schema'
import { useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@steward/api'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { trpc } from '../../session/trpc.ts'
import { edit, useChange } from '../../ui/change.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { CopyId } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { EmptyState } from '../../page/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { TextField } from '../../ui/form/fields.tsx'
import { Form, FormActions } from '../../ui/form/form.tsx'
import { withoutBlanks } from '../../ui/form/paths.ts'
import { useForm } from '../../ui/form/use-form.ts'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Surface } from '../../ui/surface.tsx'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { number } from '../../ui/time-text.ts'
import { Time } from '../../ui/time.tsx'
import { useBot } from '../bot/bot.ts'
import { useBotDialog } from '../bot/bot-dialog.ts'
import { NotForRole } from '../../page/not-for-role.tsx'
import { ShownOnce } from '../bot/shown-once.tsx'

type Key = RouterOutputs['bot']['listKeys']['baks'][number]

/** Keys with which programs act for the bot. */
export function KeysTab() {
  const { may } = useBot()
  return may('bot.listKeys') ? <Keys /> : <NotForRole permission="bot.listKeys" what="the bot’s keys" />
}

function Keys() {
  const { at, may } = useBot()
  const input = { workspaceId: at.workspaceId, botId: at.id }
  const { data, error, isPending, refetch } = useQuery(trpc.bot.listKeys.queryOptions(input))
  const dialog = useBotDialog()
  const [revoked, setRevoked] = useState<Key | null>(null)
  const [made, setMade] = useState<{ value: string; note: string } | null>(null)
  const mayCreate = may('bot.createKey')
  const create = () => dialog.show('create-key')
  const button = (
    <Button size="small" onClick={create}>
      <Plus aria-hidden />
      New key
    </Button>
  )
  return (
    <>
      {error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : isPending ? (
        <SkeletonLines lines={4} />
      ) : data.baks.length === 0 ? (
        <EmptyState
          icon={KeyRound}
          title="No keys yet"
          {...(mayCreate && { action: button, request: { path: 'bot.createKey', input: { ...input, note: 'CI' } } })}
        >
          A key lets a program act as this bot. Give each program its own key, so that you can revoke them separately.
        </EmptyState>
      ) : (
        <Surface title="Keys" count={number(data.baks.length)} flush {...(mayCreate && { action: button })}>
          <KeyRows keys={data.baks} {...(may('bot.deleteKey') && { onRevoke: setRevoked })} />
        </Surface>
      )}
      {mayCreate && (
        <Dialog
          open={dialog.open === 'create-key'}
          onOpenChange={(open) => !open && dialog.close()}
          title="New key"
          description="Its value is shown only once, right after it is created."
        >
          <CreateKey onClose={dialog.close} onMade={setMade} />
        </Dialog>
      )}
      {made && (
        <ShownOnce
          title={made.note ? `Key “${made.note}” created` : 'Key created'}
          about="Programs send it as a bearer token. It gives access only to this bot."
          noun="key"
          value={made.value}
          onClose={() => setMade(null)}
        />
      )}
      {revoked && <RevokeKey revoked={revoked} onClose={() => setRevoked(null)} />}
    </>
  )
}

function KeyRows({ keys, onRevoke }: { keys: readonly Key[]; onRevoke?: (key: Key) => void }) {
  return (
    <Table>
      <thead className="bg-n2">
        <tr>
          <Th>Note</Th>
          <Th>Id</Th>
          <Th>Created</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <Tr key={key.id} className="hover:bg-n2">
            <Td className="max-w-0 w-1/2 truncate font-medium">
              {key.note || <span className="font-normal text-n10">No note</span>}
            </Td>
            <Td>
              <CopyId id={key.id} />
            </Td>
            <Td className="whitespace-nowrap text-n11">
              <Time at={key.createdAt} />
            </Td>
            <Td className="w-24 text-right">
              {onRevoke && (
                <Button
                  size="small"
                  look="dangerQuiet"
                  onClick={() => onRevoke(key)}
                  aria-label={`Revoke ${key.note || key.id}`}
                >
                  Revoke
                </Button>
              )}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}

interface CreateKeyProps {
  onClose: () => void
  onMade: (key: { value: string; note: string }) => void
}

function CreateKey({ onClose, onMade }: CreateKeyProps) {
  const { at } = useBot()
  const create = useChange(trpc.bot.createKey.mutationOptions(), {
    refresh: () => [trpc.bot.listKeys.pathFilter()],
    quiet: true,
  })
  const form = useForm({
    schema: shapes.createBotApiKeyInput,
    initial: { note: '' },
    input: (values) => ({ workspaceId: at.workspaceId, botId: at.id, ...withoutBlanks(values) }),
    submit: async (input) => onMade(await create.mutateAsync(input)),
  })
  return (
    <Form form={form} onDone={onClose}>
      <TextField
        form={form}
        name="note"
        label="Note"
        optional
        help="Which program uses it, such as CI."
        autoComplete="off"
        autoFocus
      />
      <FormActions form={form} action="Create key" onCancel={onClose} />
    </Form>
  )
}

function RevokeKey({ revoked, onClose }: { revoked: Key; onClose: () => void }) {
  const { at, bot } = useBot()
  const input = { workspaceId: at.workspaceId, botId: at.id }
  const revoke = useChange(trpc.bot.deleteKey.mutationOptions(), {
    show: ({ id }) => [
      edit(trpc.bot.listKeys.queryKey(input), (old) => ({ baks: old.baks.filter((key) => key.id !== id) })),
    ],
    refresh: () => [trpc.bot.listKeys.pathFilter()],
    done: () => 'Key revoked',
    quiet: true,
  })
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={revoked.note ? `Revoke “${revoked.note}”` : 'Revoke the key'}
      action="Revoke key"
      danger
      onConfirm={() => revoke.mutateAsync({ workspaceId: at.workspaceId, id: revoked.id })}
    >
      <p>Programs that use it lose access to {bot.name} immediately. This cannot be undone.</p>
    </Confirm>
  )
}
