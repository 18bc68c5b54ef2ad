import type { Diff } from '../bot/bot.ts'

export type Change = Diff['changes'][number]

export interface ChangeGroup {
  /** The part of the bot: `configuration`, `actions`. */
  part: string
  changes: Change[]
}

/** Changes by the part of the bot they are in, in the order told. */
export function groupChanges(changes: readonly Change[]): ChangeGroup[] {
  const groups = new Map<string, Change[]>()
  for (const change of changes) {
    const part = change.path[0] ?? ''
    const group = groups.get(part)
    if (group) group.push(change)
    else groups.set(part, [change])
  }
  return [...groups].map(([part, inside]) => ({ part, changes: inside }))
}

const words: Record<string, string> = {
  recurringEvents: 'Recurring events',
  medias: 'Media',
  user: 'User tags',
  conversation: 'Conversation tags',
  message: 'Message tags',
}

/** `recurringEvents` → "Recurring events". */
export function partLabel(part: string): string {
  return words[part] ?? part.charAt(0).toUpperCase() + part.slice(1)
}

export function countKinds(changes: readonly Change[]): Record<Change['kind'], number> {
  const counts = { added: 0, removed: 0, changed: 0 }
  for (const { kind } of changes) counts[kind]++
  return counts
}

/** Short values stand in the line, long ones in a block of their own. */
export function isShort(value: unknown): boolean {
  return value === undefined || (JSON.stringify(value)?.length ?? 0) <= 80
}
