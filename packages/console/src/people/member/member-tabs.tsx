import { LinkTab, LinkTabs } from '../../ui/tabs.tsx'
import { useWorkspace } from '../../session/use-workspace.ts'

export function MemberTabs() {
  const { workspaceId } = useWorkspace()
  const params = { workspaceId }
  return (
    <LinkTabs label="Members and roles">
      <LinkTab to="/w/$workspaceId/members" params={params} activeOptions={{ exact: true }}>
        People
      </LinkTab>
      <LinkTab to="/w/$workspaceId/members/roles" params={params}>
        Roles and permissions
      </LinkTab>
    </LinkTabs>
  )
}
