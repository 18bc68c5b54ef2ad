import { useInfiniteQuery, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Send } from 'lucide-react'
import { useState } from 'react'
import { meOptions } from '../../session/me.ts'
import { State } from '../../ui/badge.tsx'
import type { RowAction } from '../../page/list/list.types.ts'
import { RowMenu } from '../../page/list/row-menu.tsx'
import { Surface } from '../../ui/surface.tsx'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { number } from '../../ui/time-text.ts'
import { Time } from '../../ui/time.tsx'
import { type Workspace, allWorkspacesOptions } from '../../session/workspaces.ts'
import { transferPages, workspacePages } from './accounts.ts'
import { OfferDialog } from './offer-dialog.tsx'
import { PanelRows } from './panel-rows.tsx'

/** What the account owns. Administering an account does not open its workspaces: those that one is no member of are names. */
export function WorkspacesPanel({ accountId }: { accountId: string }) {
  const workspaces = useInfiniteQuery(workspacePages(accountId))
  const [offered, setOffered] = useState<Workspace | null>(null)
  const alone = workspaces.data?.length === 1 && !workspaces.hasNextPage
  return (
    <Surface title="Workspaces" flush>
      <PanelRows rows={workspaces} empty="It does not own any workspaces.">
        {(rows) => (
          <Table>
            <thead className="border-t border-n5 bg-n2">
              <tr>
                <Th>Name</Th>
                <Th>Plan</Th>
                <Th className="text-right">Bots</Th>
                <Th>Created</Th>
                <Th className="w-10">
                  <span className="sr-only">Actions</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {rows.map((workspace) => (
                <WorkspaceRow
                  key={workspace.id}
                  accountId={accountId}
                  workspace={workspace}
                  alone={alone}
                  onOffer={() => setOffered(workspace)}
                />
              ))}
            </tbody>
          </Table>
        )}
      </PanelRows>
      <OfferDialog accountId={accountId} workspace={offered} onClose={() => setOffered(null)} />
    </Surface>
  )
}

interface RowProps {
  accountId: string
  workspace: Workspace
  alone: boolean
  onOffer: () => void
}

function WorkspaceRow({ accountId, workspace, alone, onOffer }: RowProps) {
  const { id, name, plan, botCount, createdAt, ownerId, blocked } = workspace
  const { data: mine = [] } = useQuery(allWorkspacesOptions())
  const { data: me } = useSuspenseQuery(meOptions())
  const { data: transfers = [] } = useInfiniteQuery(transferPages(accountId))
  const [open, setOpen] = useState(false)
  const offered = transfers.some((transfer) => transfer.direction === 'outgoing' && transfer.workspaceId === id)
  const reason = reasonAgainst({ owner: ownerId === me.account.id, alone, onOffer: offered })
  const actions: RowAction[] = [
    { label: 'Transfer to another account…', icon: Send, run: onOffer, ...(reason && { reason }) },
  ]
  return (
    <Tr className="hover:bg-n2">
      <Td className="max-w-0 min-w-40">
        <span className="flex items-center gap-2">
          {mine.some((other) => other.id === id) ? (
            <Link
              to="/w/$workspaceId/home"
              params={{ workspaceId: id }}
              className="truncate font-medium hover:underline hover:underline-offset-3"
            >
              {name}
            </Link>
          ) : (
            <span className="truncate font-medium" title="You are not a member of this workspace.">
              {name}
            </span>
          )}
          {offered && <State tone="info">Transfer pending</State>}
          {blocked && <State tone="bad">Blocked</State>}
        </span>
      </Td>
      <Td className="w-28 text-n11 capitalize">{plan}</Td>
      <Td className="w-16 text-right">{number(botCount)}</Td>
      <Td className="w-28 whitespace-nowrap text-n11">
        <Time at={createdAt} />
      </Td>
      <Td className="w-10">
        <RowMenu name={name} actions={actions} open={open} onOpenChange={setOpen} />
      </Td>
    </Tr>
  )
}

function reasonAgainst({ owner, alone, onOffer }: { owner: boolean; alone: boolean; onOffer: boolean }): string | null {
  if (onOffer) return 'It already has a pending transfer. Cancel it first.'
  if (!owner) return 'Only the owner of the workspace can transfer it.'
  return alone ? 'It is the account’s last workspace. Create another one first.' : null
}
