/** Names what is typed into a bot's forms and not saved yet (base/drafts.ts). */
export const botDraft = (botId: string): string => `bot ${botId}`
export const configurationDraft = (botId: string): string => `configuration ${botId}`
