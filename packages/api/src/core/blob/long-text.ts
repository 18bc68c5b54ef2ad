import { randomUUID } from 'node:crypto'
import type { OpenBlob } from './blob.ts'
import { decodePieces } from './blob-bytes.ts'

/** Bytes from which on a text in a blob is worth being written piece by piece. */
export const longTextFrom = 256 * 1024

/** The texts of the value that is being written, by what stands for them meanwhile. */
let found: Map<string, OpenBlob> | null = null

/**
 * A text in a blob, as part of an answer that is never whole in memory: however slow its readers are, each costs a few
 * pieces. Only `jsonOf` can write it; `Context.longTexts` says whether an answer is written so.
 */
export class LongText {
  readonly #blob: OpenBlob

  constructor(blob: OpenBlob) {
    this.#blob = blob
  }

  toJSON(): string {
    if (!found) throw new Error('A long text is written by jsonOf only.')
    // Nobody can put the same into a document of theirs.
    const mark = randomUUID()
    found.set(mark, this.#blob)
    return mark
  }
}

export interface WrittenJson {
  body: string | ReadableStream<Uint8Array>
  /** Bytes or characters, about. */
  size: number
}

/** JSON of a value; where a `LongText` is in it, a stream that is made as it is read and fails where the blob is damaged. */
export function jsonOf(value: unknown): WrittenJson {
  const texts = (found = new Map<string, OpenBlob>())
  try {
    const text = JSON.stringify(value)
    if (texts.size === 0) return { body: text, size: text.length }
    let { length: size } = text
    for (const blob of texts.values()) size += blob.size
    return { body: ReadableStream.from(pieces(text, texts)), size }
  } finally {
    found = null
  }
}

async function* pieces(json: string, texts: ReadonlyMap<string, OpenBlob>): AsyncGenerator<Uint8Array> {
  let rest = json
  for (const [mark, blob] of texts) {
    const [before = '', ...after] = rest.split(mark)
    rest = after.join(mark)
    yield Buffer.from(before)
    for await (const part of decodePieces(blob.slices()))
      if (part !== '') yield Buffer.from(JSON.stringify(part).slice(1, -1))
  }
  yield Buffer.from(rest)
}
