import { useQuery } from '@tanstack/react-query'
import { CopyAs } from '../../page/copy-as/copy-as.tsx'
import { requestOf } from '../../page/copy-as/request.ts'
import { CopyId } from '../../ui/copy.tsx'
import { Badge, State } from '../../ui/badge.tsx'
import { Page } from '../../ui/page.tsx'
import { Fact, Facts, Surface } from '../../ui/surface.tsx'
import { Time } from '../../ui/time.tsx'
import { number } from '../../ui/time-text.ts'
import { trpc } from '../../session/trpc.ts'
import { DeleteWorkspace } from './delete-workspace.tsx'
import { OwnerAccount } from './owner-account.tsx'
import { SettingsForm } from './settings-form.tsx'
import { WorkspaceSecurity } from './workspace-security.tsx'
import { useWorkspace } from '../../session/use-workspace.ts'

/** What a workspace is called, shows and may spend, and its end. */
export function SettingsPage() {
  const { workspaceId, workspace, role, me } = useWorkspace()
  return (
    <Page title="Settings" actions={<CopyAs request={requestOf(trpc.workspace.get.queryKey({ id: workspaceId }))} />}>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <SettingsForm key={workspaceId} />
          <WorkspaceSecurity key={`security ${workspaceId}`} />
          <DeleteWorkspace key={`delete ${workspaceId}`} />
        </div>
        <Surface title="Details" className="lg:sticky lg:top-5">
          <Facts>
            <Fact name="Id">
              <CopyId id={workspaceId} />
            </Fact>
            <Fact name="Your role">
              <Badge className="capitalize">{role}</Badge>
            </Fact>
            <Fact name="Plan">
              <span className="capitalize">{workspace.plan}</span>
            </Fact>
            <Fact name="Account">
              <OwnerAccount />
            </Fact>
            <Fact name="Owner">{workspace.ownerId === me.id ? 'You' : <OwnerName />}</Fact>
            <Fact name="Bots">{number(workspace.botCount)}</Fact>
            {workspace.blocked && (
              <Fact name="State">
                <State tone="bad">Blocked</State>
              </Fact>
            )}
            <Fact name="Created">
              <Time at={workspace.createdAt} />
            </Fact>
            <Fact name="Changed">
              <Time at={workspace.updatedAt} />
            </Fact>
          </Facts>
        </Surface>
      </div>
    </Page>
  )
}

/** By name where the first members tell it, else by id. */
function OwnerName() {
  const { workspaceId, workspace } = useWorkspace()
  const { data } = useQuery(trpc.member.list.queryOptions({ workspaceId, pageSize: 100 }))
  const owner = data?.members.find(({ userId }) => userId === workspace.ownerId)
  return owner ? <>{owner.displayName || owner.email}</> : <CopyId id={workspace.ownerId} />
}
