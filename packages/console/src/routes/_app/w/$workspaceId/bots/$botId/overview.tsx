import { createFileRoute } from '@tanstack/react-router'
import { OverviewTab } from '../../../../../../bots/page/overview-tab.tsx'

export const Route = createFileRoute('/_app/w/$workspaceId/bots/$botId/overview')({ component: OverviewTab })
