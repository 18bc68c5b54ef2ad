import { Outlet, useParams } from '@tanstack/react-router'
import { refreshOf } from './refresh.ts'
import { useLiveWorkspace } from '../session/live.ts'

/** The pages of one workspace, kept as it is at the server. */
export function LiveWorkspace() {
  const { workspaceId = '' } = useParams({ strict: false })
  useLiveWorkspace(workspaceId, refreshOf)
  return <Outlet />
}
