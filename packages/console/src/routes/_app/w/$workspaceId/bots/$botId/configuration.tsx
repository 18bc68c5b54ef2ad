import { createFileRoute } from '@tanstack/react-router'
import { ConfigurationTab } from '../../../../../../bots/content/configuration-tab.tsx'

export const Route = createFileRoute('/_app/w/$workspaceId/bots/$botId/configuration')({ component: ConfigurationTab })
