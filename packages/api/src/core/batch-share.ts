import { ApiError } from './errors.ts'
import { createQueue } from './queue.ts'

/** Takes the calls of one batch in turn. */
export type BatchShare = <T>(call: () => Promise<T>) => Promise<T>

/** Calls of one batch that are under way at once. */
const atOnce = 2
/** Bytes that the answers of a batch may have together, about; what is under way then is still answered. */
const mostBytes = 2 * 1024 * 1024
/**
 * After an answer of this size it is somebody else's turn first: reads of SQLite leave the event loop no other. A call
 * of theirs takes several turns of the loop (it arrives, is read, answered and sent), so they get one for each.
 */
const largeBytes = 16 * 1024
const mostTurns = 16

/**
 * Keeps a batch within the work that one request may be: a few of its calls run at once, and when they have made enough
 * the rest are refused with LimitExceeded.
 */
export function createBatchShare(): BatchShare {
  const full = (): ApiError =>
    new ApiError(
      'LimitExceeded',
      'The responses of this batch are too large together. Request the rest in another batch.',
      {
        bytes: mostBytes,
      },
    )
  const queued = createQueue({ atOnce, waiting: Number.POSITIVE_INFINITY }, full)
  let made = 0
  let rest = Promise.resolve()
  return (call) =>
    queued(async () => {
      await rest
      if (made > mostBytes) {
        await othersTurn()
        throw full()
      }
      const answer = await call()
      const size = sizeOf(answer, mostBytes)
      made += size
      if (size > largeBytes) {
        const turns = Math.min(mostTurns, Math.ceil(size / largeBytes))
        // One after the other: two large answers that are there at once do not go out at once.
        rest = rest.then(() => othersTurns(turns))
        await rest
      }
      return answer
    })
}

const othersTurn = (): Promise<void> => new Promise(setImmediate)

async function othersTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await othersTurn()
}

/** About how long a value is as JSON. @param most where counting may stop. */
export function sizeOf(value: unknown, most: number): number {
  const waiting: unknown[] = [value]
  let size = 0
  while (waiting.length > 0 && size <= most) {
    const next = waiting.pop()
    if (typeof next === 'string') size += next.length + 3
    else if (next === null || typeof next !== 'object') size += 6
    else if (Array.isArray(next)) for (const item of next) waiting.push(item)
    else
      for (const [key, child] of Object.entries(next)) {
        size += key.length + 4
        waiting.push(child)
      }
  }
  return size
}
