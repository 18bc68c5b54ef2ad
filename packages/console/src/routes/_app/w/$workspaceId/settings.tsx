import { createFileRoute } from '@tanstack/react-router'
import { SettingsPage } from '../../../../people/workspace/settings-page.tsx'

export const Route = createFileRoute('/_app/w/$workspaceId/settings')({ component: SettingsPage })
