import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { client, trpc } from '../../session/trpc.ts'
import { edit, editAll, useChange } from '../../ui/change.ts'
import { mapRows } from '../../session/paged.ts'
import { toast } from '../../ui/toast.ts'
import type { Role } from '../../session/rights.ts'
import { useWorkspace } from '../../session/use-workspace.ts'
import { allWorkspacesOptions } from '../../session/workspaces.ts'
import { invitationsOptions } from './members.ts'
import type { Invitation } from './member-rules.ts'
import { type Member, allMembersOptions, nameOf, roleLabels } from '../../session/members.ts'

/** Changes rows wherever members are listed: pages, the whole list, and single answers. */
function everywhere(workspaceId: string, change: (members: Member[]) => Member[]) {
  const pages = mapRows(change)
  return editAll(trpc.member.list.queryKey(), (old: unknown) => {
    if (Array.isArray(old)) return change(old as Member[])
    const answer = old as { members?: Member[] }
    return answer.members ? { ...answer, members: change(answer.members) } : pages(old)
  })
}

export function useRefreshMembers() {
  return () => [trpc.member.list.pathFilter(), trpc.member.listInvitations.pathFilter(), trpc.audit.pathFilter()]
}

/** Gives another role at once; undone from the toast. */
export function useChangeRole(): (member: Member, role: Role) => void {
  const { workspaceId } = useWorkspace()
  const refresh = useRefreshMembers()
  const change = useChange<{ member: Member; role: Role }, Member, Error>(
    { mutationFn: ({ member: { id }, role }) => client.member.update.mutate({ workspaceId, id, role }) },
    {
      show: ({ member: { id }, role }) => [
        everywhere(workspaceId, (members) => members.map((one) => (one.id === id ? { ...one, role } : one))),
      ],
      refresh,
      done: ({ role }, { member }) => `${nameOf(member)} is now ${roleLabels[role].label.toLowerCase()}`,
      undo:
        (_, { member: { id, role } }) =>
        () =>
          client.member.update.mutate({ workspaceId, id, role }),
    },
  )
  return (member, role) => role !== member.role && change.mutate({ member, role })
}

/** Removes somebody else; throws what was refused, for the dialog that asks. */
export function useRemoveMember(): (member: Member) => Promise<unknown> {
  const { workspaceId } = useWorkspace()
  const refresh = useRefreshMembers()
  const remove = useChange<Member, unknown, Error>(
    { mutationFn: ({ id }) => client.member.delete.mutate({ workspaceId, id }) },
    {
      show: ({ id }) => [everywhere(workspaceId, (members) => members.filter((one) => one.id !== id))],
      refresh,
      done: (_, member) => `${nameOf(member)} removed`,
      quiet: true,
    },
  )
  return (member) => remove.mutateAsync(member)
}

export function useRevokeInvitation(): (invitation: Invitation) => Promise<unknown> {
  const { workspaceId } = useWorkspace()
  const refresh = useRefreshMembers()
  const revoke = useChange<Invitation, unknown, Error>(
    { mutationFn: ({ id }) => client.member.revokeInvitation.mutate({ workspaceId, id }) },
    {
      show: ({ memberId }) => [
        everywhere(workspaceId, (members) => members.filter((one) => one.id !== memberId)),
        edit(invitationsOptions(workspaceId).queryKey, (old) => new Map([...old].filter(([id]) => id !== memberId))),
      ],
      refresh,
      done: (_, { email }) => `Invitation of ${email} revoked`,
      quiet: true,
    },
  )
  return (invitation) => revoke.mutateAsync(invitation)
}

/** Leaves the workspace and goes to another one. */
export function useLeave(): () => Promise<void> {
  const { workspaceId, workspace, me } = useWorkspace()
  const queries = useQueryClient()
  const navigate = useNavigate()
  return async () => {
    const members = await queries.ensureQueryData(allMembersOptions(workspaceId))
    const own = members.find(({ userId }) => userId === me.id) ?? (await client.member.me.query({ workspaceId }))
    await client.member.delete.mutate({ workspaceId, id: own.id })
    // What was read of it is no longer for these eyes; the way in picks another workspace.
    queries.removeQueries({ queryKey: allWorkspacesOptions().queryKey })
    await navigate({ to: '/', replace: true })
    queries.removeQueries({ predicate: ({ queryKey }) => JSON.stringify(queryKey).includes(workspaceId) })
    toast({ title: `You left ${workspace.name}` })
  }
}

/** Makes another member the owner; the reader becomes an administrator. */
export function useTransfer(): (member: Member) => Promise<unknown> {
  const { workspaceId, workspace } = useWorkspace()
  const refresh = useRefreshMembers()
  const transfer = useChange<Member, unknown, Error>(
    {
      mutationFn: ({ id }) =>
        client.member.transferOwnership.mutate({ workspaceId, memberId: id, confirmName: workspace.name }),
    },
    {
      refresh: () => [...refresh(), trpc.member.me.pathFilter(), trpc.workspace.pathFilter()],
      done: (_, member) => `${nameOf(member)} now owns ${workspace.name}`,
      quiet: true,
    },
  )
  return (member) => transfer.mutateAsync(member)
}
