import { createHash, webcrypto } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'

/*
 * Work on large bodies that lets other requests in between: each slice takes a few milliseconds at most, and hashing
 * happens on the thread pool.
 */

/** Characters or bytes handled before other work gets its turn. */
export const sliceSize = 512 * 1024

/** Lets everything that waits run first. */
export async function breathe(): Promise<void> {
  await turn()
}

/** The UTF-8 bytes of a text; unpaired surrogates become U+FFFD. */
export async function encodeText(text: string): Promise<Uint8Array> {
  if (text.length <= sliceSize) return Buffer.from(text)
  const parts: Buffer[] = []
  for (let from = 0; from < text.length;) {
    const to = endOfSlice(text, from + sliceSize)
    parts.push(Buffer.from(text.slice(from, to)))
    from = to
    await breathe()
  }
  return Buffer.concat(parts)
}

/** A place near `at` that does not tear a surrogate pair apart. */
function endOfSlice(text: string, at: number): number {
  const last = text.charCodeAt(at - 1)
  return last >= 0xd800 && last <= 0xdbff ? at + 1 : at
}

/** The text of UTF-8 bytes, piece by piece; no piece ends inside a character. */
export async function* decodeSlices(bytes: Uint8Array): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  for (let from = 0; from < bytes.length; from += sliceSize) {
    yield decoder.decode(bytes.subarray(from, from + sliceSize), { stream: true })
    await breathe()
  }
  yield decoder.decode()
}

/** The text of UTF-8 bytes that come in pieces; no piece of it ends inside a character. */
export async function* decodePieces(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  for await (const piece of pieces) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}

/** Passes a body on and holds it against its hash. @throws DamagedBlob after the last piece. */
export async function* verified(hash: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const digest = createHash('sha256')
  for await (const piece of pieces) {
    digest.update(piece)
    yield piece
  }
  if (digest.digest('hex') !== hash) throw new DamagedBlob(hash)
}

/** SHA-256, hex, worked out on the thread pool. */
export async function hashBytes(bytes: Uint8Array): Promise<string> {
  const digest = await webcrypto.subtle.digest('SHA-256', bytes)
  return Buffer.from(digest).toString('hex')
}

/** SHA-256, hex, of a text's UTF-8 bytes. */
export async function hashText(text: string): Promise<string> {
  return hashBytes(await encodeText(text))
}

/** Whether the text can be the name of a body: a SHA-256 in lower-case hex. */
export function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

/** The stored bytes are not those that were put: the disk or somebody changed them. */
export class DamagedBlob extends Error {
  override readonly name = 'DamagedBlob'
  constructor(hash: string) {
    super(`The stored blob ${hash} no longer matches its hash.`)
  }
}
