import { createFileRoute } from '@tanstack/react-router'
import { KeysTab } from '../../../../../../bots/access/keys-tab.tsx'

export const Route = createFileRoute('/_app/w/$workspaceId/bots/$botId/keys')({ component: KeysTab })
