import { createFileRoute } from '@tanstack/react-router'
import { BotPage } from '../../../../../../bots/page/bot-page.tsx'
import { botSearch } from '../../../../../../bots/bot/bot.search.ts'

export const Route = createFileRoute('/_app/w/$workspaceId/bots/$botId')({
  validateSearch: botSearch,
  component: BotPage,
})
