import { createFileRoute } from '@tanstack/react-router'
import { BotsPage } from '../../../../../bots/bot/bots-page.tsx'

export const Route = createFileRoute('/_app/w/$workspaceId/bots/')({ component: BotsPage })
