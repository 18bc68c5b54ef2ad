import { createFileRoute } from '@tanstack/react-router'
import { DeploymentsTab } from '../../../../../../bots/version/deployments-tab.tsx'

export const Route = createFileRoute('/_app/w/$workspaceId/bots/$botId/deployments')({ component: DeploymentsTab })
