import { useQuery } from '@tanstack/react-query'
import { useNavigate, getRouteApi } from '@tanstack/react-router'
import {
  Copy,
  Crown,
  KeyRound,
  Link2,
  LogOut,
  MailX,
  ShieldQuestion,
  UserPlus,
  UserRoundPen,
  UserX,
  Users,
} from 'lucide-react'
import { lazy, useMemo, useState } from 'react'
import { Late } from '../../ui/late.tsx'
import { client, trpc } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { EmptyState } from '../../page/empty-state.tsx'
import { conditionsOf } from '../../page/list/conditions.ts'
import { ListPage } from '../../page/list/list-page.tsx'
import type { RowAction } from '../../page/list/list.types.ts'
import { paged } from '../../session/paged.ts'
import { copyAndSay } from '../../ui/copy.tsx'
import { toast } from '../../ui/toast.ts'
import { useOpenDialog } from '../../page/open-dialog.ts'
import { memberDialogs } from './member.search.ts'
import { useWorkspace } from '../../session/use-workspace.ts'
import { memberColumns, memberFilters } from './member-columns.tsx'
import { MemberInspector } from './member-inspector.tsx'
import { MemberTabs } from './member-tabs.tsx'
import { invitationsOptions } from './members.ts'
import { type MemberRow, matches, stateOf, whyNotChange, whyNotRemove } from './member-rules.ts'
import { type Member, nameOf } from '../../session/members.ts'
import { EditingRole } from './role-menu.tsx'
import { useLeave, useRemoveMember, useRevokeInvitation } from './use-member-changes.ts'
import { useReader } from './use-reader.ts'

// With zod in them, which the list can do without.
const AddDialog = lazy(() => import('./add-dialog.tsx').then(({ AddDialog: it }) => ({ default: it })))
const RenewDialog = lazy(() => import('./renew-dialog.tsx').then(({ RenewDialog: it }) => ({ default: it })))
const ResetDialog = lazy(() => import('./reset-dialog.tsx').then(({ ResetDialog: it }) => ({ default: it })))
const TransferDialog = lazy(() => import('./transfer-dialog.tsx').then(({ TransferDialog: it }) => ({ default: it })))

type Asked = { what: 'remove' | 'revoke' | 'renew' | 'reset' | 'transfer'; row: MemberRow }

const route = getRouteApi('/_app/w/$workspaceId/members/')

/** Everybody in the workspace and everybody invited, in one list. */
export function MembersPage() {
  const { workspaceId, may } = useWorkspace()
  const reader = useReader()
  const dialog = useOpenDialog(memberDialogs)
  const [asked, setAsked] = useState<Asked | null>(null)
  const [editing, setEditing] = useState<string | null>(null)
  const { data: invitations } = useQuery({ ...invitationsOptions(workspaceId), enabled: may('member.listInvitations') })
  const keep = useKeep(invitations)
  const withInvitation = (row: MemberRow): MemberRow => ({ ...row, invitation: invitations?.get(row.id) })
  const actions = useRowActions({ ask: setAsked, editRole: setEditing, leave: () => dialog.show('leave') })
  const add = (): void => dialog.show('invite')
  const mayAdd = may('member.invite')
  const columns = useMemo(
    () =>
      memberColumns.map((column) => ({
        ...column,
        cell: (row: MemberRow) => column.cell({ ...row, invitation: invitations?.get(row.id) }),
      })),
    [invitations],
  )
  const editingRole = useMemo(() => ({ id: editing, set: setEditing }), [editing])
  return (
    <EditingRole value={editingRole}>
      <ListPage<MemberRow>
        id="members"
        title="Members"
        noun={['member', 'members']}
        tabs={<MemberTabs />}
        columns={columns}
        filters={memberFilters}
        rowId={idOf}
        rowName={nameOf}
        {...(keep && { keep })}
        pages={paged({
          key: trpc.member.list.queryKey({ workspaceId }),
          load: (page, signal) => client.member.list.query({ workspaceId, ...page }, { signal }),
          rows: (answer) => answer.members as MemberRow[],
        })}
        request={{ path: 'member.list', input: { workspaceId } }}
        inspector={(_, row) => (
          <MemberInspector
            row={row && withInvitation(row)}
            actions={
              row
                ? actions(withInvitation(row)).filter(
                    ({ label }) => !label.startsWith('Change role') && !label.startsWith('Copy'),
                  )
                : []
            }
          />
        )}
        actions={(row) => actions(withInvitation(row))}
        edit={(row) =>
          whyNotChange(row, reader) === null
            ? setEditing(row.id)
            : toast({ title: whyNotChange(row, reader) ?? '', tone: 'info' })
        }
        {...(mayAdd && {
          create: add,
          primary: (
            <Button look="primary" onClick={add}>
              <UserPlus aria-hidden />
              Add people
            </Button>
          ),
        })}
        empty={
          <EmptyState
            icon={Users}
            title="Nobody is here yet"
            request={{
              path: 'member.invite',
              input: { workspaceId, email: 'colleague@example.org', role: 'developer' },
            }}
          >
            Each member of a workspace has a role. Invite the first one.
          </EmptyState>
        }
      />
      <Late>
        {dialog.open === 'invite' && mayAdd && <AddDialog onClose={() => dialog.close()} />}
        {dialog.open === 'transfer' && may('member.transferOwnership') && (
          <TransferDialog to={null} onClose={() => dialog.close()} />
        )}
        {asked?.what === 'renew' && (
          <RenewDialog memberId={asked.row.id} email={asked.row.email} onClose={() => setAsked(null)} />
        )}
        {asked?.what === 'reset' && (
          <ResetDialog memberId={asked.row.id} email={asked.row.email} onClose={() => setAsked(null)} />
        )}
        {asked?.what === 'transfer' && <TransferDialog to={asked.row} onClose={() => setAsked(null)} />}
      </Late>
      <RemoveConfirm asked={asked} onClose={() => setAsked(null)} />
      <LeaveConfirm open={dialog.open === 'leave'} onClose={() => dialog.close()} />
    </EditingRole>
  )
}

const idOf = ({ id }: Member): string => id

/** The server does not filter members: the loaded ones are. */
function useKeep(invitations: ReadonlyMap<string, NonNullable<MemberRow['invitation']>> | undefined) {
  const { q, role, state } = conditionsOf(memberFilters, route.useSearch())
  return useMemo(() => {
    if (!q && !role && !state) return undefined
    return (row: MemberRow): boolean =>
      (!q || matches(row, q)) &&
      (!role || row.role === role) &&
      (!state || stateOf({ ...row, invitation: invitations?.get(row.id) }) === state)
  }, [q, role, state, invitations])
}

interface Doers {
  ask: (asked: Asked) => void
  editRole: (id: string) => void
  leave: () => void
}

/** What can be done with a row by whoever looks at it. */
function useRowActions({ ask, editRole, leave }: Doers): (row: MemberRow) => RowAction[] {
  const { workspaceId, may } = useWorkspace()
  const reader = useReader()
  const navigate = useNavigate()
  return (row) => {
    const self = row.userId === reader.userId
    const noChange = whyNotChange(row, reader)
    const noRemoval = whyNotRemove(row, reader)
    const list: RowAction[] = []
    if (reader.mayChange)
      list.push({
        label: 'Change role…',
        icon: UserRoundPen,
        keys: 'e',
        run: () => setTimeout(() => editRole(row.id)),
        ...(noChange && { reason: noChange }),
      })
    if (row.invitation && may('member.renewInvitation'))
      list.push({ label: 'New link…', icon: Link2, run: () => ask({ what: 'renew', row }) })
    if (row.userId !== undefined && !self && may('recovery.createForMember'))
      list.push({
        label: 'Reset sign-in…',
        icon: KeyRound,
        run: () => ask({ what: 'reset', row }),
        ...(row.role === 'owner' && { reason: 'Only the operator of this installation can do this for the owner' }),
      })
    const { userId } = row
    if (userId !== undefined)
      list.push({
        label: 'What they can do…',
        icon: ShieldQuestion,
        run: () =>
          void navigate({
            to: '/w/$workspaceId/members/roles',
            params: { workspaceId },
            search: { explain: 'bot.update', person: userId },
          }),
      })
    list.push({
      label: 'Copy email',
      icon: Copy,
      run: () => void copyAndSay(row.email, row.email),
    })
    if (may('member.transferOwnership') && !self)
      list.push({
        label: 'Transfer ownership…',
        icon: Crown,
        danger: true,
        run: () => ask({ what: 'transfer', row }),
        ...(row.userId === undefined && { reason: 'They have to join before they can become the owner' }),
      })
    if (self)
      list.push({
        label: 'Leave workspace…',
        icon: LogOut,
        danger: true,
        run: leave,
        ...(noRemoval && { reason: noRemoval }),
      })
    else if (row.invitation && may('member.revokeInvitation'))
      list.push({
        label: 'Revoke invitation…',
        icon: MailX,
        danger: true,
        run: () => ask({ what: 'revoke', row }),
        ...(noRemoval && { reason: noRemoval }),
      })
    else if (reader.mayRemove)
      list.push({
        label: 'Remove…',
        icon: UserX,
        danger: true,
        run: () => ask({ what: 'remove', row }),
        ...(noRemoval && { reason: noRemoval }),
      })
    return list
  }
}

function RemoveConfirm({ asked, onClose }: { asked: Asked | null; onClose: () => void }) {
  const { workspace } = useWorkspace()
  const remove = useRemoveMember()
  const revoke = useRevokeInvitation()
  const row = asked?.row
  const invitation = asked?.what === 'revoke' ? row?.invitation : undefined
  if (!row || (asked.what !== 'remove' && asked.what !== 'revoke')) return null
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={invitation ? `Revoke the invitation of ${row.email}?` : `Remove ${nameOf(row)}?`}
      action={invitation ? 'Revoke invitation' : 'Remove member'}
      danger
      onConfirm={() => (invitation ? revoke(invitation) : remove(row))}
    >
      {invitation ? (
        <p>Their link stops working immediately. You can invite them again.</p>
      ) : (
        <>
          <p>
            {row.email} loses access to {workspace.name} immediately. They are removed from the bots’ lists of selected
            members, and their tokens limited to this workspace are deleted.
          </p>
          <p>What they created stays. They can be added again, without those tokens and list entries.</p>
        </>
      )}
    </Confirm>
  )
}

function LeaveConfirm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { workspace, role } = useWorkspace()
  const leave = useLeave()
  return (
    <Confirm
      open={open && role !== 'owner'}
      onOpenChange={(next) => !next && onClose()}
      title={`Leave ${workspace.name}?`}
      action="Leave workspace"
      danger
      onConfirm={leave}
    >
      <p>
        You lose access immediately, and your tokens limited to it are deleted. To come back, somebody has to add you
        again.
      </p>
    </Confirm>
  )
}
