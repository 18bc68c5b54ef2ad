import type { TestServer } from './test-server.testing.ts'
import type { Reply } from './wire.testing.ts'

/** One thing that a hostile caller does, with all that may come of it. */
export interface Hostile {
  name: string
  send: (testServer: TestServer) => Promise<readonly Reply[]>
  /** Every answer is one of these: the status, and of a refusal the type. */
  answers: readonly string[]
  /** Each of these is among the answers. */
  seen?: readonly string[]
  /** Milliseconds of CPU that it may cost the thread that answers, and all threads; 250 and 600 by default. */
  loop?: number
  process?: number
  /** Megabytes by which resident memory may grow; 120 by default. */
  memory?: number
}

export const json = { 'content-type': 'application/json' }

/** `{"<prefix>0": value, …}` as text. */
export function entries(count: number, value: string, prefix = 'k'): string {
  return `{${Array.from({ length: count }, (_, i) => `"${prefix}${i}":${value}`).join(',')}}`
}
