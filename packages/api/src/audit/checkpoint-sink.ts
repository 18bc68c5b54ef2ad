import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Checkpoint } from './verify-export.ts'

/** The second place for signed checkpoints: out of reach of whoever can write to the database. */
export interface CheckpointSink {
  /** Resolves once the checkpoint is durable there. */
  append(checkpoint: Checkpoint): Promise<void>
}

/** Appends each checkpoint as a line of JSON to a file, synced. The folder must exist. */
export function fileCheckpointSink(path: string): CheckpointSink {
  return {
    async append(checkpoint) {
      const file = await open(path, 'a+', 0o600)
      try {
        const { size } = await file.stat()
        const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1))
        // A crash may have torn the last line; it must not spoil this one.
        const gap = size > 0 && buffer.toString() !== '\n' ? '\n' : ''
        await file.appendFile(`${gap}${JSON.stringify(checkpoint)}\n`)
        await file.sync()
      } finally {
        await file.close()
      }
    },
  }
}

/**
 * Reads such a file back, for verifying. A missing file holds nothing. `torn` counts lines that are no JSON, as a
 * crash may leave one.
 */
export async function readCheckpointFile(path: string): Promise<{ checkpoints: Checkpoint[]; torn: number }> {
  const checkpoints: Checkpoint[] = []
  let torn = 0
  for await (const line of linesOf(path)) {
    if (line.trim() === '') continue
    try {
      checkpoints.push(JSON.parse(line) as Checkpoint)
    } catch {
      torn += 1
    }
  }
  return { checkpoints, torn }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause
  }
}
