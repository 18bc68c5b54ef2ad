import { queryOptions, useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@steward/api'
import type { Role } from './rights.ts'
import { client, trpc } from './trpc.ts'

/*
 * Who is in a workspace, to put names and roles to ids: every page does. What is done with members is people/member's.
 */

export type Member = RouterOutputs['member']['list']['members'][number]

/** More are found by the list itself, which loads on, and shown by their ids elsewhere; choices stay quick. */
const most = 1000

/** Everybody in the workspace, for choices and for the names of people. */
export function allMembersOptions(workspaceId: string) {
  return queryOptions({
    queryKey: [...trpc.member.list.queryKey({ workspaceId }), 'all'],
    queryFn: async ({ signal }) => {
      const found: Member[] = []
      let nextToken: string | undefined
      do {
        const answer = await client.member.list.query(
          { workspaceId, pageSize: 100, ...(nextToken && { nextToken }) },
          { signal },
        )
        found.push(...answer.members)
        nextToken = answer.meta.nextToken
      } while (nextToken && found.length < most)
      return found
    },
    staleTime: 60_000,
  })
}

/** What people call a member. */
export function nameOf({ displayName, email }: Pick<Member, 'displayName' | 'email'>): string {
  return displayName || email
}

/** Puts a name to a person's id; what it is when nobody did it. */
export function usePersonName(workspaceId: string): (userId: string | null | undefined) => string {
  const { data } = useQuery(allMembersOptions(workspaceId))
  const names = new Map(data?.map((member) => [member.userId, nameOf(member)]))
  return (userId) => {
    if (!userId) return 'A key or the system'
    return names.get(userId) ?? (data ? 'Former member' : '…')
  }
}

export const roleLabels: Record<Role, { label: string; about: string }> = {
  owner: { label: 'Owner', about: 'Everything, including deleting the workspace. There is exactly one owner.' },
  administrator: { label: 'Administrator', about: 'Manages members, settings and who can see which bot.' },
  manager: { label: 'Manager', about: 'Manages bots and reads the audit trail.' },
  developer: { label: 'Developer', about: 'Builds, edits and deploys bots.' },
  billing: { label: 'Billing', about: 'Sees what viewers see, and sets the spending limit.' },
  viewer: { label: 'Viewer', about: 'Sees everything that is not secret, but cannot change anything.' },
}
