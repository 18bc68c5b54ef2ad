import type { QueryFilters } from '@tanstack/react-query'
import type { trpc as queries } from './trpc.ts'

type Change = { type: string; id: string | null; deleted: boolean }

/** What several events changed together. */
export interface Changes {
  /** Everything may have changed. */
  all: boolean
  types: ReadonlySet<string>
}

export interface LiveEvent {
  reset: boolean
  changes: readonly Change[]
}

/** Milliseconds between two readings: a workspace that changes all the time is not read all the time. */
const pause = 1_000

/** Gathers events: the first is passed on at once, what follows within the pause together. */
export class Reader {
  #all = false
  #types = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | null = null
  #waiting = false
  readonly #read: (changes: Changes) => void

  constructor(read: (changes: Changes) => void) {
    this.#read = read
  }

  take({ reset, changes }: LiveEvent): void {
    this.#all ||= reset
    for (const { type } of changes) this.#types.add(type)
    this.#waiting = true
    if (this.#timer === null) this.#pass()
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #pass(): void {
    this.#timer = null
    if (!this.#waiting) return
    const changes = { all: this.#all, types: this.#types }
    this.#all = false
    this.#types = new Set()
    this.#waiting = false
    this.#timer = setTimeout(() => this.#pass(), pause)
    this.#read(changes)
  }
}

/** What to read again. Every commit leaves a record, so the audit trail is always among it. */
export function refreshOf({ all, types }: Changes, workspaceId: string, trpc: typeof queries): QueryFilters[] {
  if (all) return [{}]
  const filters: QueryFilters[] = [trpc.audit.pathFilter()]
  const about = (...names: string[]): boolean => names.some((name) => types.has(name))
  if (about('bot', 'botKey')) filters.push(trpc.bot.pathFilter())
  if (about('bot', 'version')) filters.push(trpc.version.pathFilter())
  if (about('member', 'invitation')) filters.push(trpc.member.pathFilter())
  if (about('bot', 'member', 'workspace'))
    filters.push({ queryKey: trpc.workspace.get.queryKey({ id: workspaceId }) }, trpc.workspace.list.pathFilter())
  if (about('preference')) filters.push(trpc.workspace.getPreference.pathFilter())
  if (about('move', 'account')) filters.push(trpc.account.pathFilter())
  return filters
}
