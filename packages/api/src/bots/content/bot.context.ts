import type { BotTable } from '@steward/db'
import type { WorkspaceContext } from '../../core/context.ts'

/** Proof that a permission on a bot was checked. */
export interface BotContext extends Omit<WorkspaceContext, 'scope'> {
  scope: 'bot'
  botId: string
  /** Who created the bot; null for the system and keys of bots. */
  createdBy: string | null
  /** The bot as it was when the rights on it were asked; for procedures that ask for it, and only where a person asks. */
  botRow?: WholeBot | undefined
}

/** A bot with the names of its secrets, separated by commas (null for none). */
export interface WholeBot extends BotTable {
  secret_names: string | null
}

declare module '../../core/access/rule.ts' {
  interface Scopes {
    bot: BotContext
  }
}

declare module '../../core/access/resource.ts' {
  interface Target {
    botId?: string | undefined
    /** Names the bot by one of its keys. */
    botKeyId?: string | undefined
    /** The bot is read in the one statement that asks for the rights on it, see `BotContext`. */
    withRow?: true
  }
}
