import { trpc } from './trpc.ts'

/** The signed-in person. A refusal is an answer here: it says that nobody is. */
export function meOptions() {
  return trpc.me.get.queryOptions({}, { staleTime: 60_000, meta: { guard: true } })
}
