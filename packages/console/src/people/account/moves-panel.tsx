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
import { type Move, movePages } from './accounts.ts'
import { PanelRows } from './panel-rows.tsx'

/** Workspaces on their way between this account and another. */
export function MovesPanel({ accountId }: { accountId: string }) {
  const moves = useInfiniteQuery(movePages(accountId))
  const [asked, setAsked] = useState<{ move: Move; answer: 'accept' | 'decline' } | null>(null)
  const withdraw = useChange(trpc.account.withdrawWorkspace.mutationOptions(), {
    show: ({ moveId }) => [withoutMove(moveId)],
    refresh: () => [trpc.account.pathFilter()],
    done: () => 'Offer withdrawn',
    undo: (_output, { moveId }) => {
      const move = moves.data?.find(({ id }) => id === moveId)
      return () =>
        move
          ? client.account.offerWorkspace.mutate({
              accountId,
              workspaceId: move.workspaceId,
              toAccountId: move.toAccountId,
            })
          : Promise.reject(new Error('The offer is no longer known here. Make it again.'))
    },
  })
  return (
    <Surface title="Offers" about="Workspaces on their way from or to this account." flush>
      <PanelRows
        rows={moves}
        empty="No offer is open. To take over a workspace, give this account’s id to whoever owns it; to hand one over, use its menu above."
      >
        {(rows) => (
          <ul className="border-t border-n5">
            {rows.map((move) => (
              <MoveRow key={move.id} move={move}>
                {move.direction === 'incoming' ? (
                  <>
                    <Button size="small" onClick={() => setAsked({ move, answer: 'decline' })}>
                      Decline…
                    </Button>
                    <Button size="small" look="primary" onClick={() => setAsked({ move, answer: 'accept' })}>
                      Accept…
                    </Button>
                  </>
                ) : (
                  <Button size="small" onClick={() => withdraw.mutate({ accountId, moveId: move.id })}>
                    Withdraw
                  </Button>
                )}
              </MoveRow>
            ))}
          </ul>
        )}
      </PanelRows>
      <Answer accountId={accountId} asked={asked} onClose={() => setAsked(null)} />
    </Surface>
  )
}

function withoutMove(id: string) {
  return editAll(
    trpc.account.listMoves.queryKey(),
    mapRows<Move>((rows) => rows.filter((row) => row.id !== id)),
  )
}

function MoveRow({ move, children }: { move: Move; children: React.ReactNode }) {
  const incoming = move.direction === 'incoming'
  const Icon = incoming ? ArrowDownLeft : ArrowUpRight
  return (
    <li className="flex items-center gap-3 border-b border-n5 px-4 py-2.5 last:border-b-0">
      <Icon className="size-4 shrink-0 text-n10" aria-hidden />
      <div className="min-w-0 flex-1">
        <p className="truncate">
          <span className="font-medium">{move.workspaceName}</span> {incoming ? 'from' : 'to'}{' '}
          {incoming ? move.fromAccountName : <CopyId id={move.toAccountId} />}
        </p>
        <p className="text-sm text-n10">
          Offered <Time at={move.createdAt} />, ends <Time at={move.expiresAt} />
        </p>
      </div>
      <div className="flex shrink-0 gap-2">{children}</div>
    </li>
  )
}

interface AnswerProps {
  accountId: string
  asked: { move: Move; answer: 'accept' | 'decline' } | null
  onClose: () => void
}

/** Neither can be taken back from this side: the other one would have to offer again. */
function Answer({ accountId, asked, onClose }: AnswerProps) {
  const options = { quiet: true, refresh: () => [trpc.account.pathFilter(), trpc.workspace.pathFilter()] }
  const accept = useChange(trpc.account.acceptWorkspace.mutationOptions(), {
    ...options,
    done: ({ name }) => `${name} belongs to this account`,
  })
  const decline = useChange(trpc.account.declineWorkspace.mutationOptions(), {
    ...options,
    done: () => 'Offer declined',
  })
  const name = asked?.move.workspaceName ?? ''
  const accepting = asked?.answer === 'accept'
  return (
    <Confirm
      open={asked !== null}
      onOpenChange={(open) => open || onClose()}
      title={accepting ? `Take over ${name}?` : `Decline ${name}?`}
      action={accepting ? 'Accept workspace' : 'Decline offer'}
      danger={!accepting}
      onConfirm={async () => {
        if (!asked) return
        await (accepting ? accept : decline).mutateAsync({ accountId, moveId: asked.move.id })
      }}
    >
      {accepting ? (
        <>
          <p>This account owns it and pays for it from now on. Its members, bots and handle stay as they are.</p>
          <p>You do not become a member by this. Its owner stays the same.</p>
        </>
      ) : (
        <p>{asked?.move.fromAccountName} keeps it, and can offer it again.</p>
      )}
    </Confirm>
  )
}
