import { createFileRoute } from '@tanstack/react-router'
import { BotsPage } from '../../../../../bots/bot/bots-page.tsx'
import { botsSearch } from '../../../../../bots/bot/bot.search.ts'

export const Route = createFileRoute('/_app/w/$workspaceId/bots/')({ validateSearch: botsSearch, component: BotsPage })
