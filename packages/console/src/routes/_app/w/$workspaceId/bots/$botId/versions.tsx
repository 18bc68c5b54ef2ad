import { createFileRoute } from '@tanstack/react-router'
import { VersionsTab } from '../../../../../../bots/version/versions-tab.tsx'
import { versionsSearch } from '../../../../../../bots/version/version.search.ts'

export const Route = createFileRoute('/_app/w/$workspaceId/bots/$botId/versions')({
  validateSearch: versionsSearch,
  component: VersionsTab,
})
