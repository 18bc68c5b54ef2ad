/*
 * The one table of commands. Palette, `?` sheet, shortcuts, menus and the desktop's native menu read it; nothing else
 * listens to keys. A concept adds its own in `<concept>/commands.ts`.
 */
import { accountCommands } from '../people/account/commands.ts'
import { auditCommands } from '../audit/commands.ts'
import { botCommands } from '../bots/bot/commands.ts'
import { homeCommands } from '../home/commands.ts'
import { meCommands } from '../people/me/commands.ts'
import { memberCommands } from '../people/member/commands.ts'
import { workspaceCommands } from '../people/workspace/commands.ts'
import { type CommandTable, idsOf } from '../commands/command.ts'
import { listCommands, viewCommands } from '../commands/view.commands.ts'

const table = {
  ...homeCommands,
  ...botCommands,
  ...memberCommands,
  ...auditCommands,
  ...workspaceCommands,
  ...accountCommands,
  ...meCommands,
  ...viewCommands,
  ...listCommands,
}

declare module '../commands/command.ts' {
  interface Register {
    commands: typeof table
  }
}

export const commands: CommandTable = table
export const commandIds = idsOf(commands)
