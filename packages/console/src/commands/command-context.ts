import type { RegisteredRouter } from '@tanstack/react-router'
import { queryClient, trpc } from '../session/trpc.ts'
import { mayOf } from '../session/rights.ts'
import { lastWorkspaceId } from '../session/use-workspace.ts'
import { allWorkspacesOptions } from '../session/workspaces.ts'
import type { CommandContext } from './command.ts'

/** The workspace named by an address. */
function workspaceIn(pathname: string): string | null {
  return /^\/w\/([^/]+)/.exec(pathname)?.[1] ?? null
}

/** Where the person is and what they may, as far as it is known now. */
export function contextOf(router: RegisteredRouter): CommandContext {
  const workspaces = queryClient.getQueryData(allWorkspacesOptions().queryKey) ?? []
  const workspaceId = workspaceIn(router.state.location.pathname) ?? lastWorkspaceId(workspaces)
  const rules = queryClient.getQueryData(trpc.member.permissions.queryKey({}))?.permissions ?? []
  const member = workspaceId ? queryClient.getQueryData(trpc.member.me.queryKey({ workspaceId })) : undefined
  const may = mayOf(rules, member?.role ?? null)
  return { workspaceId, may: (permission) => may(permission), navigate: router.navigate }
}
