import { blobNames } from '@steward/db'
import type { PutBlob } from './blob.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { AppContext } from '../app-context.ts'
import { storesOf } from '../app-context.ts'

/**
 * Stores a body and runs the write that names it. When that is refused, the body is deleted at once, if no row names it
 * and nobody else has put the same. What fails in any other way may have been committed: that body is left to the
 * collection.
 * @param body null runs the write without one.
 * @throws what `write` throws.
 */
export async function withBlob<T>(
  { app }: Pick<Context, 'app'>,
  body: string | null,
  write: (blob: PutBlob | null) => Promise<T>,
): Promise<T> {
  const blob = body === null ? null : await app.blobs.put(body)
  try {
    return await write(blob)
  } catch (cause) {
    if (blob && cause instanceof ApiError) await takeBack(app, blob)
    throw cause
  }
}

async function takeBack(app: AppContext, blob: PutBlob): Promise<void> {
  try {
    if (blob.made !== null && !(await (await blobNames(storesOf(app).main)).has(blob.hash)))
      await app.blobs.takeBack(blob)
  } catch (cause) {
    app.log.warn(
      { err: cause, blob: blob.hash },
      'The blob of a refused write could not be removed; the daily cleanup will remove it.',
    )
  }
}

/** Blobs that no row names: of writes on their way, and what is to be collected. */
export interface Unnamed {
  blobs: number
  bytes: number
}

export async function countUnnamed(app: AppContext): Promise<Unnamed> {
  const unnamed = { blobs: 0, bytes: 0 }
  const named = await blobNames(storesOf(app).main)
  for await (const { hash, size } of app.blobs.all()) {
    if (await named.has(hash)) continue
    unnamed.blobs += 1
    unnamed.bytes += size
  }
  return unnamed
}
