import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { RouterOutputs } from '@steward/api'
import { meOptions } from './me.ts'
import { readSetting } from '../base/setting.ts'
import { trpc } from './trpc.ts'
import { type May, type Role, mayOf } from './rights.ts'
import { type Workspace, allWorkspacesOptions } from './workspaces.ts'

export interface WorkspaceHere {
  workspaceId: string
  workspace: Workspace
  /** The signed-in person's role in it. */
  role: Role
  me: RouterOutputs['me']['get']['account']
  /** Whether the role may, by the server's own table: `may('bot.create')`. */
  may: May
}

/** The table never changes while the server runs. */
export function permissionsOptions() {
  return trpc.member.permissions.queryOptions({}, { staleTime: Infinity })
}

/** The workspace of the address. Its route has loaded all of it, so nothing waits. */
export function useWorkspace(): WorkspaceHere {
  const { workspaceId = '' } = useParams({ strict: false })
  const { data: workspace } = useSuspenseQuery(trpc.workspace.get.queryOptions({ id: workspaceId }))
  const { data: member } = useSuspenseQuery(trpc.member.me.queryOptions({ workspaceId }))
  const { data: table } = useSuspenseQuery(permissionsOptions())
  const { data: person } = useSuspenseQuery(meOptions())
  return { workspaceId, workspace, role: member.role, me: person.account, may: mayOf(table.permissions, member.role) }
}

/** The workspace of the address; on pages outside of any, such as accounts, the one that was open last. */
export function useShownWorkspaceId(): string | null {
  const { workspaceId } = useParams({ strict: false })
  const signedIn = useQueryClient().getQueryData(meOptions().queryKey) !== undefined
  const { data: workspaces } = useQuery({ ...allWorkspacesOptions(), enabled: signedIn })
  return workspaceId ?? lastWorkspaceId(workspaces ?? [])
}

/** The one that was open last, as far as it is still there; else the first. */
export function lastWorkspaceId(workspaces: readonly { id: string }[]): string | null {
  const last = readSetting('workspace')
  return (workspaces.find(({ id }) => id === last) ?? workspaces[0])?.id ?? null
}

/** The person's role in the workspace that is shown. */
export function useMayHere(): { workspaceId: string | null; may: May } {
  const workspaceId = useShownWorkspaceId()
  const { data: table } = useQuery(permissionsOptions())
  const { data: member } = useQuery({
    ...trpc.member.me.queryOptions({ workspaceId: workspaceId ?? '' }),
    enabled: workspaceId !== null,
  })
  return { workspaceId, may: mayOf(table?.permissions ?? [], member?.role ?? null) }
}
