import { createFileRoute } from '@tanstack/react-router'
import { AccessTab } from '../../../../../../bots/access/access-tab.tsx'

export const Route = createFileRoute('/_app/w/$workspaceId/bots/$botId/access')({ component: AccessTab })
