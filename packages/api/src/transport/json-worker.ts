import { parentPort } from 'node:worker_threads'

/*
 * Reads large JSON beside the event loop. A 10 MB code bundle takes 30 to 60 ms to decode and parse, but its string
 * crosses back in 2 to 6 ms.
 */

/** Values in one body, so that taking it back and checking it stays short. A code bundle is one value, as is a Buffer. */
const maxValues = 250_000
/** Bytes of a body's Buffers that stay numbers, counted from the smallest. */
const maxPlainBytes = 100_000

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
  const packed: Packed[] = []
  let count = 0
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (next === null || typeof next !== 'object' || next instanceof Uint8Array) continue
    pack(next, packed)
    const children: unknown[] = Array.isArray(next) ? next : Object.values(next)
    count += children.length
    if (count > maxValues) return false
    for (const child of children) waiting.push(child)
  }
  unpackSmallest(packed)
  return true
}

interface Packed {
  buffer: { data?: unknown }
  numbers: number[]
}

/**
 * The official CLI sends the code of each installed plugin as a Buffer in JSON's form, one number a byte, under a key
 * that no operation declares (reference 7.4). As bytes it is one value, until the schema drops it; free-form JSON that
 * holds them is refused.
 */
function pack(buffer: { type?: unknown; data?: unknown }, packed: Packed[]): void {
  const { type, data } = buffer
  if (type !== 'Buffer' || !isNumbers(data)) return
  buffer.data = Uint8Array.from(data)
  if (data.length <= maxPlainBytes) packed.push({ buffer, numbers: data })
}

function isNumbers(data: unknown): data is number[] {
  return Array.isArray(data) && data.every((byte) => typeof byte === 'number')
}

/** Small Buffers may stand in a configuration, so they stay what they are. */
function unpackSmallest(packed: Packed[]): void {
  let bytes = 0
  for (const { buffer, numbers } of packed.toSorted((a, b) => a.numbers.length - b.numbers.length)) {
    bytes += numbers.length
    if (bytes > maxPlainBytes) return
    buffer.data = numbers
  }
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
