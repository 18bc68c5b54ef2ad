/* The whole trail as a file, fetched piece by piece. */

export type Format = 'csv' | 'jsonl'

export interface Progress {
  records: number
  bytes: number
}

export interface Piece {
  text: string
  nextToken: string | null
}

export const mediaTypes: Record<Format, string> = { csv: 'text/csv;charset=utf-8', jsonl: 'application/x-ndjson' }

/** Records in a piece: one line each; the first piece of CSV has a line of names before. */
export function recordsIn(text: string, format: Format, first: boolean): number {
  let lines = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return format === 'csv' && first && lines > 0 ? lines - 1 : lines
}

/**
 * Fetches the pieces in their order and hands on how far it is.
 * @param load one piece; given here so that it can be tried without a server.
 * @throws what the server refused, or the signal's reason when cancelled.
 */
export async function collect(
  format: Format,
  load: (nextToken: string | null) => Promise<Piece>,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: Progress) => void },
): Promise<Blob> {
  const parts: Blob[] = []
  const progress = { records: 0, bytes: 0 }
  let nextToken: string | null = null
  do {
    const piece: Piece = await load(nextToken)
    signal.throwIfAborted()
    // Blobs may lie outside of memory; a long text may not.
    const part = new Blob([piece.text])
    progress.records += recordsIn(piece.text, format, parts.length === 0)
    progress.bytes += part.size
    parts.push(part)
    onProgress({ ...progress })
    nextToken = piece.nextToken
  } while (nextToken !== null)
  return new Blob(parts, { type: mediaTypes[format] })
}

/** `audit-harbour-2026-11-23.jsonl`. */
export function fileName(workspace: string, format: string, at: Date, what = 'audit'): string {
  const slug =
    workspace
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'workspace'
  return `${what}-${slug}-${at.toISOString().slice(0, 10)}.${format}`
}

/** Saves it as the browser saves files. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
