import { useNavigate, useParams } from '@tanstack/react-router'
import { useQueryClient } from '@tanstack/react-query'
import { trpc } from '../../session/trpc.ts'
import { useChange } from '../../ui/change.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useWorkspace } from '../../session/use-workspace.ts'
import { type BotSummary, botOptions, editLists } from './bot.ts'

/** Deletes a bot after its name was typed; on its own page the way leads back to the list. */
export function DeleteBot({
  bot: { id, name },
  onClose,
}: {
  bot: Pick<BotSummary, 'id' | 'name'>
  onClose: () => void
}) {
  const { workspaceId } = useWorkspace()
  const { botId } = useParams({ strict: false })
  const navigate = useNavigate()
  const queries = useQueryClient()
  const remove = useChange(trpc.bot.delete.mutationOptions(), {
    done: () => `${name} deleted`,
    refresh: () => [trpc.bot.list.pathFilter(), trpc.workspace.get.pathFilter()],
    quiet: true,
  })
  const confirm = async (): Promise<void> => {
    await remove.mutateAsync({ workspaceId, id })
    const { change, key } = editLists(id, () => null)
    queries.setQueriesData({ queryKey: key }, (old: unknown) => (old === undefined ? old : change(old)))
    if (botId === id) await navigate({ to: '/w/$workspaceId/bots', params: { workspaceId }, replace: true })
    queries.removeQueries({ queryKey: botOptions(workspaceId, id).queryKey })
  }
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete ${name}`}
      action="Delete bot"
      danger
      typedName={name}
      onConfirm={confirm}
    >
      <p>
        Its configuration, code, versions, deployment history, keys and secrets are deleted, too. It stops responding
        immediately.
      </p>
      <p>This cannot be undone. The audit trail keeps a record of it.</p>
    </Confirm>
  )
}
