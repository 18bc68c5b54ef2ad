import type { RouterOutputs } from '@steward/api'
import { useState } from 'react'
import { LogOut, MonitorSmartphone } from 'lucide-react'
import { useCommands, useRunCommand } from '../../commands/command-center.tsx'
import { client, trpc } from '../../session/trpc.ts'
import { State } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { editAll, useChange } from '../../ui/change.ts'
import { requestOf } from '../../page/copy-as/request.ts'
import { EmptyState } from '../../page/empty-state.tsx'
import { ListPage } from '../../page/list/list-page.tsx'
import type { Column, RowAction } from '../../page/list/list.types.ts'
import { mapRows, paged } from '../../session/paged.ts'
import { Time } from '../../ui/time.tsx'
import { useOpenDialog } from '../../page/open-dialog.ts'
import { sessionDialogs } from './me.search.ts'
import { failureOf } from '../../base/failure.ts'
import { toast } from '../../ui/toast.ts'
import { ConfirmIdentity, needsConfirmation } from './confirm-identity.tsx'
import { deviceOf } from './device.ts'
import { MeTabs } from './me-tabs.tsx'
import { SignOutEverywhere } from './sign-out-everywhere.tsx'

type Session = RouterOutputs['me']['listSessions']['sessions'][number]

const pages = paged({
  key: trpc.me.listSessions.queryKey({}),
  load: async (_page, signal) => ({ ...(await client.me.listSessions.query({}, { signal })), meta: {} }),
  rows: (answer) => answer.sessions.toSorted((a, b) => Number(b.current) - Number(a.current)),
})

const nameOf = (session: Session): string => deviceOf(session.userAgent).name
const idOf = (session: Session): string => session.id

const columns: Column<Session>[] = [
  {
    id: 'device',
    header: 'Device',
    width: 'minmax(14rem,2fr)',
    cell: (session) => (
      <span className="flex items-center gap-2" title={session.userAgent}>
        <span className="truncate font-medium">{nameOf(session)}</span>
        {session.current && <State tone="good">This session</State>}
      </span>
    ),
  },
  {
    id: 'address',
    header: 'IP address',
    width: 'minmax(8rem,1fr)',
    cell: ({ ipAddress }) =>
      ipAddress ? <span className="font-mono text-xs">{ipAddress}</span> : <span className="text-n10">Unknown</span>,
  },
  {
    id: 'created',
    header: 'Signed in',
    width: '9rem',
    cell: ({ createdAt }) => <Time at={createdAt} className="text-n11" />,
  },
  {
    id: 'renewed',
    header: 'Last active',
    width: '9rem',
    cell: ({ renewedAt }) => <Time at={renewedAt} className="text-n11" />,
  },
  {
    id: 'ends',
    header: 'Expires',
    width: '8rem',
    cell: ({ expiresAt }) => <Time at={expiresAt} className="text-n11" />,
  },
]

/** Where the person is signed in, this browser first. */
export function SessionsPage() {
  const run = useRunCommand()
  const dialog = useOpenDialog(sessionDialogs)
  const ask = (): void => dialog.show('sign-out-everywhere')
  useCommands({ 'me.signOutEverywhere': ask })
  const end = useChange(trpc.me.deleteSession.mutationOptions(), {
    show: ({ id }) => [
      editAll(
        trpc.me.listSessions.queryKey(),
        mapRows<Session>((rows) => rows.filter((row) => row.id !== id)),
      ),
    ],
    refresh: () => [trpc.me.listSessions.pathFilter()],
    done: () => 'Session ended',
    quiet: true,
  })
  const [unconfirmed, setUnconfirmed] = useState<readonly string[]>([])
  const endAll = async (ids: readonly string[]): Promise<void> => {
    for (const [index, id] of ids.entries())
      try {
        await end.mutateAsync({ id })
      } catch (error) {
        if (needsConfirmation(error)) return setUnconfirmed(ids.slice(index))
        toast({ title: failureOf(error).message, tone: 'bad' })
      }
  }
  const actions = (session: Session): RowAction[] => [
    session.current
      ? { label: 'Sign out', icon: LogOut, run: () => run('me.signOut') }
      : { label: 'End session', icon: LogOut, run: () => void endAll([session.id]) },
  ]
  return (
    <>
      <ListPage
        id="sessions"
        title="Sessions"
        noun={['session', 'sessions']}
        about="Browsers where you are signed in. If you do not recognize one, end its session and change your password."
        tabs={<MeTabs />}
        pages={pages}
        columns={columns}
        rowId={idOf}
        rowName={nameOf}
        request={requestOf(trpc.me.listSessions.queryKey({}))}
        primary={<Button onClick={ask}>Sign out everywhere…</Button>}
        actions={actions}
        bulk={(sessions, done) => [
          {
            label: 'End sessions',
            icon: LogOut,
            run: () => {
              void endAll(sessions.filter(({ current }) => !current).map(({ id }) => id))
              done()
            },
            ...(sessions.every(({ current }) => current) && {
              reason: 'This is your current session. Sign out instead.',
            }),
          },
        ]}
        empty={
          <EmptyState icon={MonitorSmartphone} title="No active sessions">
            You are using a token, not a session.
          </EmptyState>
        }
      />
      <SignOutEverywhere open={dialog.open === 'sign-out-everywhere'} onOpenChange={(open) => open || dialog.close()} />
      <ConfirmIdentity
        open={unconfirmed.length > 0}
        onClose={() => setUnconfirmed([])}
        action={unconfirmed.length > 1 ? 'End sessions' : 'End session'}
        danger
        onDone={async () => {
          setUnconfirmed([])
          await endAll(unconfirmed)
        }}
      />
    </>
  )
}
