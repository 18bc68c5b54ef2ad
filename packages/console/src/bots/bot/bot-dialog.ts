import { type OpenDialog, useOpenDialog } from '../../page/open-dialog.ts'
import { type BotDialog, botDialogs } from './bot.search.ts'

/** The dialog of the bot's page that is open, on whichever of its tabs. */
export function useBotDialog(): OpenDialog<BotDialog> {
  return useOpenDialog(botDialogs)
}
