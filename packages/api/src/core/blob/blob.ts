/** A large body and its place: named by the SHA-256 of its bytes. */
export interface BlobInfo {
  /** SHA-256, hex. */
  hash: string
  /** Bytes. */
  size: number
}

/** A body that was just put. */
export interface PutBlob extends BlobInfo {
  /** Stands for this put where it made the body, for `takeBack`; null where the body was there before. */
  made: string | null
}

/** A body that can be read piece by piece. */
export interface OpenBlob extends BlobInfo {
  /** Its bytes in order, at most `sliceBytes` at a time. @throws DamagedBlob at the end, when they do not match their hash. */
  slices(): AsyncGenerator<Uint8Array>
}

/** Bytes: what a reader that has stopped reading costs, more or less. */
export const sliceBytes = 64 * 1024

/**
 * Content-addressed bodies (bot code, exports). `put` returns once the body is durable and verified, so the row that
 * names it can be written after.
 */
export interface BlobStore {
  put(body: string | Uint8Array): Promise<PutBlob>
  /** Deletes at once what this put made, unless somebody else has put the same since. For a body that no row names. */
  takeBack(blob: PutBlob): Promise<void>
  /** Null when there is no such body. @throws Error when the stored bytes no longer match their hash. */
  get(hash: string): Promise<Uint8Array | null>
  /** Null when there is no such body. */
  open(hash: string): Promise<OpenBlob | null>
  has(hash: string): Promise<boolean>
}
