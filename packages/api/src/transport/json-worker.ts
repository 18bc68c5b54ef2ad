import { parentPort } from 'node:worker_threads'

/*
 * Reads large JSON beside the event loop. A 10 MB code bundle takes 30 to 60 ms to decode and parse, but its string
 * crosses back in 2 to 6 ms.
 */

/** Values in one body, so that taking it back and checking it stays short. A code bundle is one value. */
const maxValues = 250_000
/** Bytes of a Buffer in JSON's form from which on it is handed over as base64. */
const largeBuffer = 100_000

export interface Job {
  id: number
  bytes: Uint8Array
}

export type Result = { id: number; value: unknown } | { id: number; refused: 'syntax' | 'values' }

function read({ id, bytes }: Job): Result {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return { id, refused: 'syntax' }
  }
  return isBounded(value) ? { id, value } : { id, refused: 'values' }
}

function isBounded(value: unknown): boolean {
  const waiting: unknown[] = [value]
  let count = 0
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (next === null || typeof next !== 'object') continue
    packBuffer(next)
    const children: unknown[] = Array.isArray(next) ? next : Object.values(next)
    count += children.length
    if (count > maxValues) return false
    for (const child of children) waiting.push(child)
  }
  return true
}

/**
 * The official CLI sends the code of each installed plugin as a Buffer in JSON's form, one number a byte, under a key
 * that no operation declares (reference 7.4). As base64 it is one value, until the schema drops it; no place for
 * free-form JSON would hold one of this size.
 */
function packBuffer(value: { type?: unknown; data?: unknown }): void {
  const { type, data } = value
  if (type !== 'Buffer' || !Array.isArray(data) || data.length < largeBuffer) return
  if (data.every((byte) => typeof byte === 'number')) value.data = Buffer.from(data).toString('base64')
}

const port = parentPort

port?.on('message', (job: Job) => {
  try {
    port.postMessage(read(job), [])
  } catch {
    // What cannot be cloned is nested too deep.
    port.postMessage({ id: job.id, refused: 'values' } satisfies Result, [])
  }
})
