import { createFileRoute } from '@tanstack/react-router'
import { BotPage } from '../../../../../../bots/page/bot-page.tsx'

export const Route = createFileRoute('/_app/w/$workspaceId/bots/$botId')({ component: BotPage })
