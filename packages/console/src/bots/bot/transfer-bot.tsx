import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { trpc } from '../../session/trpc.ts'
import { useChange } from '../../ui/change.ts'
import { Combobox } from '../../ui/combobox.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Field } from '../../ui/field.tsx'
import { shortId } from '../../ui/ids.ts'
import { allWorkspacesOptions } from '../../session/workspaces.ts'
import { botOptions, useBot } from './bot.ts'

/** Moves the bot into another of the person's workspaces. */
export function TransferBot({ onClose }: { onClose: () => void }) {
  const { bot, at, workspace } = useBot()
  const { data: workspaces = [] } = useQuery(allWorkspacesOptions())
  const [target, setTarget] = useState<string | null>(null)
  const navigate = useNavigate()
  const queries = useQueryClient()
  const others = workspaces.filter(({ id }) => id !== at.workspaceId)
  const name = others.find(({ id }) => id === target)?.name
  const transfer = useChange(trpc.bot.transfer.mutationOptions(), {
    done: () => `${bot.name} transferred to ${name ?? 'the other workspace'}`,
    refresh: () => [trpc.bot.list.pathFilter(), trpc.workspace.pathFilter()],
    quiet: true,
  })
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Transfer ${bot.name}`}
      action={name ? `Transfer to ${name}` : 'Transfer bot'}
      waiting={target === null}
      onConfirm={async () => {
        if (target === null) return
        await transfer.mutateAsync({ ...at, targetWorkspaceId: target })
        await navigate({
          to: '/w/$workspaceId/bots/$botId/overview',
          params: { workspaceId: target, botId: at.id },
          replace: true,
        })
        queries.removeQueries({ queryKey: botOptions(at.workspaceId, at.id).queryKey })
      }}
    >
      <p>
        Its versions, keys and secrets go with it. It leaves {workspace.name} and becomes visible to every member of the
        other workspace, where you must be allowed to create bots.
      </p>
      <Field label="Target workspace" className="mt-2 text-n12">
        {(control) => (
          <Combobox
            {...control}
            value={target}
            onChange={setTarget}
            placeholder={others.length === 0 ? 'You are not in any other workspace' : 'Choose a workspace'}
            disabled={others.length === 0}
            options={others.map(({ id, name: label }) => ({
              value: id,
              label,
              hint: <span className="font-mono">{shortId(id)}</span>,
            }))}
          />
        )}
      </Field>
    </Confirm>
  )
}
