import type { RegisteredRouter } from '@tanstack/react-router'
import type { Permission } from '@steward/api'

/** Where a command may act, as far as its `when` and `run` need to know. */
export interface CommandContext {
  workspaceId: string | null
  /** Whether the person's role in the workspace may; false outside of one. */
  may: (permission: Permission) => boolean
  navigate: RegisteredRouter['navigate']
}

export interface CommandInfo {
  /** Sentence case, with a verb: "Go to bots". */
  title: string
  group: 'Go to' | 'List' | 'Bot' | 'Workspace' | 'Person' | 'View' | 'Help'
  /**
   * `mod+k` (⌘ or Ctrl), `shift+enter`, `.`, or keys one after the other: `g b`. Several ways are separated by `|`.
   * Unmodified ones rest while somebody types.
   */
  keys?: string
  /** Other words that find it in the palette. */
  words?: string
  /** The desktop's menu that shows it. */
  menu?: 'app' | 'file' | 'go' | 'view' | 'help'
  /** Not in the palette: keys that move within what is in front of one. */
  quiet?: true
  /** Whether it is offered here; by default always. */
  when?: (context: CommandContext) => boolean
  /** What it does everywhere. Without one, the page that can do it says so with `useCommands`. */
  run?: (context: CommandContext) => void
}

/** Gives a group of commands its type. A concept keeps them in `commands.ts`, for its `feature.ts`. */
export function defineCommands<const T extends Record<string, CommandInfo>>(commands: T): T {
  return commands
}

/** Filled in by the shell, which composes the commands of all areas (shell/features.ts). */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface Register {}

type Composed = Register extends { commands: infer Table } ? Table : Record<string, CommandInfo>
export type CommandId = keyof Composed
export type CommandTable = Readonly<Record<CommandId, CommandInfo>>

/** What pages in front of one answer themselves. */
export type Handlers = Partial<Record<CommandId, () => void>>

export function idsOf(commands: CommandTable): CommandId[] {
  return Object.keys(commands) as CommandId[]
}

/** How to run a command here, or null where it does nothing. */
export function runnerOf(
  { when, run }: CommandInfo,
  context: CommandContext,
  handler?: () => void,
): (() => void) | null {
  if (handler) return handler
  if (!run || (when && !when(context))) return null
  return () => run(context)
}
