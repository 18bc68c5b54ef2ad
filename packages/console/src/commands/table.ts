/*
 * The one table of commands. Palette, `?` sheet, shortcuts, menus and the desktop's native menu read it; nothing else
 * listens to keys. A concept adds its own in `<concept>/commands.ts`.
 */
import { accountCommands } from '../accounts/commands.ts'
import { auditCommands } from '../audit/commands.ts'
import { botCommands } from '../bots/commands.ts'
import { homeCommands } from '../home/commands.ts'
import { meCommands } from '../me/commands.ts'
import { memberCommands } from '../members/commands.ts'
import { workspaceCommands } from '../workspace/commands.ts'
import type { CommandInfo, Place } from './command.ts'
import { listCommands, viewCommands } from './view.commands.ts'

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

export type CommandId = keyof typeof table
export const commands: Readonly<Record<CommandId, CommandInfo>> = table
export const commandIds = Object.keys(table) as CommandId[]

/** What pages in front of one answer themselves. */
export type Handlers = Partial<Record<CommandId, () => void>>

/** How to run a command here, or null where it does nothing. */
export function runnerOf(id: CommandId, place: Place, handlers: Handlers): (() => void) | null {
  const { when, run } = commands[id]
  const handler = handlers[id]
  if (handler) return handler
  if (!run || (when && !when(place))) return null
  return () => run(place)
}
