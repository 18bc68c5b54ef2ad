/*
 * The stored state of a bot, for the concepts that build on it (versions, the bot as one document): they may not import
 * another concept's queries, and `bot.service.ts` itself builds on versions.
 */
export { documentOf, documentText, emptyDocument, type BotDocument } from './bot.document.ts'
export { ifOpen, isOpen } from './bot.audit.ts'
export { findBot, toBot, updateBotRow, type BotRow } from './bot.queries.ts'
