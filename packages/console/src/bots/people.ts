import { queryOptions, useQuery } from '@tanstack/react-query'
import type { RouterOutputs } from '@steward/api'
import { client, trpc } from '../trpc.ts'
import { permissionsOptions } from '../workspace/use-workspace.ts'

export type Member = RouterOutputs['member']['list']['members'][number]

/** More are shown by their ids. */
const most = 1000

/** The members of the workspace, to put names to ids. */
export function membersOptions(workspaceId: string) {
  return queryOptions({
    queryKey: [...trpc.member.list.queryKey({ workspaceId }), 'all'],
    queryFn: async ({ signal }): Promise<Member[]> => {
      const found: Member[] = []
      let nextToken: string | undefined
      do {
        const page = await client.member.list.query(
          { workspaceId, pageSize: 100, ...(nextToken && { nextToken }) },
          { signal },
        )
        found.push(...page.members)
        nextToken = page.meta.nextToken
      } while (nextToken && found.length < most)
      return found
    },
    staleTime: 60_000,
  })
}

export function nameOf({ displayName, email }: Pick<Member, 'displayName' | 'email'>): string {
  return displayName || email
}

/** Puts a name to a person's id; what it is when nobody did it. */
export function usePersonName(workspaceId: string): (userId: string | null | undefined) => string {
  const { data } = useQuery(membersOptions(workspaceId))
  const names = new Map(data?.map((member) => [member.userId, nameOf(member)]))
  return (userId) => {
    if (!userId) return 'A key or the system'
    return names.get(userId) ?? (data ? 'Former member' : '…')
  }
}

/** Which roles may: for refusals that help. */
export function useRolesThatMay(permission: string): readonly string[] {
  const { data: table } = useQuery(permissionsOptions())
  return table?.permissions.find((rule) => rule.permission === permission)?.roles ?? []
}
