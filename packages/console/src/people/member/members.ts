import { queryOptions } from '@tanstack/react-query'
import { client, trpc } from '../../session/trpc.ts'
import type { Invitation } from './member-rules.ts'

/** More are found by the list itself, which loads on; choices stay quick. */
const most = 1000

/** Every open invitation, by the pending member it belongs to. */
export function invitationsOptions(workspaceId: string) {
  return queryOptions({
    queryKey: [...trpc.member.listInvitations.queryKey({ workspaceId }), 'by member'],
    queryFn: async ({ signal }) => {
      const found = new Map<string, Invitation>()
      let nextToken: string | undefined
      do {
        const answer = await client.member.listInvitations.query(
          { workspaceId, pageSize: 100, ...(nextToken && { nextToken }) },
          { signal },
        )
        for (const invitation of answer.invitations) found.set(invitation.memberId, invitation)
        nextToken = answer.meta.nextToken
      } while (nextToken && found.size < most)
      return found
    },
  })
}
