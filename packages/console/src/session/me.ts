import { connection } from './connection.ts'
import { trpc } from './trpc.ts'

/** The signed-in person. A refusal is an answer here: it says that nobody is. */
export function meOptions() {
  return trpc.me.get.queryOptions({}, { staleTime: 60_000, meta: { guard: true } })
}

/** Whose drafts are found: this person's at this installation. On the desktop all installations share one origin. */
export function draftOwner(personId: string): string {
  return [connection.kind, connection.url ?? connection.name, personId].join(' ')
}
