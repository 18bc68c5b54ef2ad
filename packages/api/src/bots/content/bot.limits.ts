import { Buffer } from 'node:buffer'

/**
 * Hard caps of one bot (reference 6.1; where its two sources differ, the larger). Passing one is LimitExceeded. Sizes
 * are bytes of the JSON in UTF-8, `name`, `tagKey` and `url` characters. Merged definitions of plugins are not counted.
 */
export const botLimits = {
  code: 64 * 1024 * 1024,
  configuration: 20_480,
  integrations: 30,
  recurringEvents: 50,
  recurringPayload: 131_072,
  events: 20,
  states: 10,
  tagDefinitions: 50,
  schema: 102_400,
  // The rest are our own: they keep one row readable in one go, and an index entry within what Postgres takes.
  document: 1024 * 1024,
  /** Of one part, merged ones among them. */
  definitions: 2000,
  attributes: 100,
  actions: 500,
  plugins: 30,
  tags: 100,
  tagKey: 100,
  secrets: 100,
  name: 200,
  url: 2000,
} as const

export type BotLimit = keyof typeof botLimits

export function jsonSize(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '')
}
