import type { BodyLimits } from '../core/body-limits.ts'
import { plainBody } from '../core/body-limits.ts'
import { ApiError } from '../core/errors.ts'
import { JsonThreads } from './json-threads.ts'
import type { Refusal, Shape } from './json-scan.ts'
import { scanJson } from './json-scan.ts'

export interface Reading {
  limits: BodyLimits
  /** What the body's schema declares. Asked for only where the body is large enough to matter. */
  shape: () => Shape
  /** The credential or address that sent it. */
  caller: string
}

/** Reads JSON bodies; large ones in worker threads, so that no body holds the event loop. */
export interface JsonReader {
  /**
   * @throws InvalidPayload for what is not UTF-8 JSON; LimitExceeded for more declared values than `limits` allow, for
   *   what is nested too deep, and for what takes too long to read.
   */
  read(bytes: Uint8Array, reading: Reading): Promise<unknown>
  close(): Promise<void>
}

export interface JsonReaderOptions {
  threads?: number
  /** Milliseconds for one body in a thread. */
  timeLimit?: number
  /** MiB of values that one body may grow to in a thread. */
  memory?: number
}

/** Two bytes are the least that a value takes, so a body of this size holds no more than any may. */
const uncountedBytes = 2 * plainBody.values

export function createJsonReader(options: JsonReaderOptions = {}): JsonReader {
  const { threads = 2, timeLimit = 20_000, memory = 768 } = options
  const beside = new JsonThreads({ threads, timeLimit, memory })
  return {
    async read(bytes, { limits, shape, caller }) {
      if (bytes.byteLength <= uncountedBytes) return parse(bytes)
      if (bytes.byteLength <= plainBody.bytes) {
        const scanned = scanJson(bytes, shape(), plainBody.values)
        if (!('refused' in scanned)) return parse(scanned.bytes)
        if (scanned.refused === 'syntax' || limits.values <= plainBody.values) throw errorFor(scanned.refused, limits)
      }
      const result = await beside.run({ bytes, shape: shape(), maxValues: limits.values }, caller)
      if ('refused' in result) throw errorFor(result.refused, limits)
      return result.value
    },
    close: () => beside.close(),
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw errorFor('syntax', plainBody)
  }
}

function errorFor(refused: Refusal | 'time' | 'memory', { values }: BodyLimits): ApiError {
  if (refused === 'syntax') return new ApiError('InvalidPayload', 'The body is not valid JSON.')
  if (refused === 'time')
    return new ApiError('LimitExceeded', 'The body took too long to read. Split it into several calls.')
  return new ApiError(
    'LimitExceeded',
    `The body holds more than ${values} values, or is nested too deeply. Split it into several calls.`,
    { values },
  )
}
