import { useInfiniteQuery } from '@tanstack/react-query'
import { ArrowDownLeft, ArrowUpRight } from 'lucide-react'
import { useState } from 'react'
import { client, trpc } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { editAll, useChange } from '../../ui/change.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { CopyId } from '../../ui/copy.tsx'
import { mapRows } from '../../session/paged.ts'
import { Surface } from '../../ui/surface.tsx'
import { Time } from '../../ui/time.tsx'
import { type Transfer, transferPages } from './accounts.ts'
import { PanelRows } from './panel-rows.tsx'

/** Workspaces on their way between this account and another. */
export function TransfersPanel({ accountId }: { accountId: string }) {
  const transfers = useInfiniteQuery(transferPages(accountId))
  const [asked, setAsked] = useState<{ transfer: Transfer; answer: 'accept' | 'decline' } | null>(null)
  const withdraw = useChange(trpc.account.withdrawWorkspace.mutationOptions(), {
    show: ({ transferId }) => [withoutTransfer(transferId)],
    refresh: () => [trpc.account.pathFilter()],
    done: () => 'Transfer canceled',
    undo: (_output, { transferId }) => {
      const transfer = transfers.data?.find(({ id }) => id === transferId)
      return () =>
        transfer
          ? client.account.offerWorkspace.mutate({
              accountId,
              workspaceId: transfer.workspaceId,
              toAccountId: transfer.toAccountId,
            })
          : Promise.reject(new Error('The transfer could not be restored. Start it again.'))
    },
  })
  return (
    <Surface title="Transfers" about="Pending transfers of workspaces from or to this account." flush>
      <PanelRows
        rows={transfers}
        empty="No pending transfers. To receive a workspace, give this account’s id to its owner. To transfer one, use its menu above."
      >
        {(rows) => (
          <ul className="border-t border-n5">
            {rows.map((transfer) => (
              <TransferRow key={transfer.id} transfer={transfer}>
                {transfer.direction === 'incoming' ? (
                  <>
                    <Button size="small" onClick={() => setAsked({ transfer, answer: 'decline' })}>
                      Decline…
                    </Button>
                    <Button size="small" look="primary" onClick={() => setAsked({ transfer, answer: 'accept' })}>
                      Accept…
                    </Button>
                  </>
                ) : (
                  <Button size="small" onClick={() => withdraw.mutate({ accountId, transferId: transfer.id })}>
                    Withdraw
                  </Button>
                )}
              </TransferRow>
            ))}
          </ul>
        )}
      </PanelRows>
      <Answer accountId={accountId} asked={asked} onClose={() => setAsked(null)} />
    </Surface>
  )
}

function withoutTransfer(id: string) {
  return editAll(
    trpc.account.listTransfers.queryKey(),
    mapRows<Transfer>((rows) => rows.filter((row) => row.id !== id)),
  )
}

function TransferRow({ transfer, children }: { transfer: Transfer; children: React.ReactNode }) {
  const incoming = transfer.direction === 'incoming'
  const Icon = incoming ? ArrowDownLeft : ArrowUpRight
  return (
    <li className="flex items-center gap-3 border-b border-n5 px-4 py-2.5 last:border-b-0">
      <Icon className="size-4 shrink-0 text-n10" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="truncate">
          <span className="font-medium">{transfer.workspaceName}</span> {incoming ? 'from' : 'to'}{' '}
          {incoming ? transfer.fromAccountName : <CopyId id={transfer.toAccountId} />}
        </p>
        <p className="text-sm text-n10">
          Offered <Time at={transfer.createdAt} />, expires <Time at={transfer.expiresAt} />
        </p>
      </div>
      <div className="flex shrink-0 gap-2">{children}</div>
    </li>
  )
}

interface AnswerProps {
  accountId: string
  asked: { transfer: Transfer; answer: 'accept' | 'decline' } | null
  onClose: () => void
}

/** Neither can be taken back from this side: the other one would have to offer again. */
function Answer({ accountId, asked, onClose }: AnswerProps) {
  const options = { quiet: true, refresh: () => [trpc.account.pathFilter(), trpc.workspace.pathFilter()] }
  const accept = useChange(trpc.account.acceptWorkspace.mutationOptions(), {
    ...options,
    done: ({ name }) => `${name} now belongs to this account`,
  })
  const decline = useChange(trpc.account.declineWorkspace.mutationOptions(), {
    ...options,
    done: () => 'Transfer declined',
  })
  const name = asked?.transfer.workspaceName ?? ''
  const accepting = asked?.answer === 'accept'
  return (
    <Confirm
      open={asked !== null}
      onOpenChange={(open) => open || onClose()}
      title={accepting ? `Accept the transfer of ${name}?` : `Decline the transfer of ${name}?`}
      action={accepting ? 'Accept transfer' : 'Decline transfer'}
      danger={!accepting}
      onConfirm={async () => {
        if (!asked) return
        await (accepting ? accept : decline).mutateAsync({ accountId, transferId: asked.transfer.id })
      }}
    >
      {accepting ? (
        <>
          <p>From now on, this account owns it and pays for it. Its members, bots and handle stay as they are.</p>
          <p>This does not make you a member. Its owner stays the same.</p>
        </>
      ) : (
        <p>{asked?.transfer.fromAccountName} keeps it and can start the transfer again.</p>
      )}
    </Confirm>
  )
}
