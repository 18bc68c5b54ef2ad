import { createFileRoute } from '@tanstack/react-router'
import { VersionsTab } from '../../../../../../bots/version/versions-tab.tsx'

export const Route = createFileRoute('/_app/w/$workspaceId/bots/$botId/versions')({ component: VersionsTab })
