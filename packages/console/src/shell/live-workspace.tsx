import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useParams } from '@tanstack/react-router'
import { DoorOpen } from 'lucide-react'
import { failureOf } from '../base/failure.ts'
import { refreshOf } from './refresh.ts'
import { useLiveWorkspace } from '../session/live.ts'
import { trpc } from '../session/trpc.ts'
import { useWorkspace } from '../session/use-workspace.ts'
import { Button } from '../ui/button.tsx'
import { Centered } from '../ui/error-state.tsx'
import { useTitle } from '../ui/page.tsx'

/** The pages of one workspace, kept as it is at the server. */
export function LiveWorkspace() {
  const { workspaceId = '' } = useParams({ strict: false })
  useLiveWorkspace(workspaceId, refreshOf)
  const { error } = useQuery(trpc.member.me.queryOptions({ workspaceId }))
  const isOut = error !== null && ['ResourceNotFound', 'Forbidden'].includes(failureOf(error).type)
  return isOut ? <WorkspaceGone /> : <Outlet />
}

/** In the place of the pages of a workspace that somebody was taken out of, or that is deleted, while they were open. */
function WorkspaceGone() {
  const { workspace } = useWorkspace()
  useTitle(workspace.name)
  return (
    <Centered
      page
      icon={<DoorOpen className="text-n10" aria-hidden />}
      title={`You are no longer in ${workspace.name}`}
    >
      <p role="alert">You were removed from it, or it was deleted.</p>
      <Button asChild look="primary" className="mt-3">
        <Link to="/accounts" replace>
          Go to your accounts
        </Link>
      </Button>
    </Centered>
  )
}
