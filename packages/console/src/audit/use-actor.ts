import { useQuery } from '@tanstack/react-query'
import { allMembersOptions, nameOf } from '../session/members.ts'
import { useWorkspace } from '../session/use-workspace.ts'
import { type Signed, actorOf } from './actor.ts'

/** Who made a change, by the name that members have; people who left keep their address, as far as it is known. */
export function useActor(record: Signed): { name: string; you: boolean } {
  const { workspaceId, me } = useWorkspace()
  const { data } = useQuery(allMembersOptions(workspaceId))
  const member = record.userId === null ? undefined : data?.find(({ userId }) => userId === record.userId)
  return { name: member ? nameOf(member) : actorOf(record), you: record.userId === me.id }
}
