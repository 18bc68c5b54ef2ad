import { createFileRoute } from '@tanstack/react-router'
import { SettingsTab } from '../../../../../../bots/page/settings-tab.tsx'

export const Route = createFileRoute('/_app/w/$workspaceId/bots/$botId/settings')({ component: SettingsTab })
