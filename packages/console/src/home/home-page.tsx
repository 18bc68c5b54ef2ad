import { useQuery } from '@tanstack/react-query'
import { requestOf } from '../page/copy-as/request.ts'
import { CopyAs } from '../page/copy-as/copy-as.tsx'
import { Page } from '../ui/page.tsx'
import { useWorkspace } from '../session/use-workspace.ts'
import { ActivityPanel } from './activity-panel.tsx'
import { BotsPanel } from './bots-panel.tsx'
import { ConcernsPanel } from './concerns-panel.tsx'
import { FiguresRow } from './figures-row.tsx'
import { lastDayOptions, latestBotsOptions } from './home.ts'

/** The state of the workspace at one glance: bots, what waits for a person, and what changed. */
export function HomePage() {
  const { workspaceId, workspace, may } = useWorkspace()
  const mayReadTrail = may('audit.list')
  const trail = useQuery({ ...lastDayOptions(workspaceId), enabled: mayReadTrail })
  return (
    <Page
      title="Home"
      heading={workspace.name}
      actions={<CopyAs request={requestOf(latestBotsOptions(workspaceId).queryKey)} />}
      width="full"
    >
      <div className="flex flex-col gap-4">
        <FiguresRow />
        <div className="grid grid-cols-1 gap-4 lg:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
          <BotsPanel />
          <div className="flex flex-col gap-4">
            <ConcernsPanel />
            {mayReadTrail && <ActivityPanel trail={trail} />}
          </div>
        </div>
      </div>
    </Page>
  )
}
