/** A large body and its place: named by the SHA-256 of its bytes. */
export interface BlobInfo {
  /** SHA-256, hex. */
  hash: string
  /** Bytes. */
  size: number
}

/**
 * Content-addressed bodies (bot code, exports). `put` returns once the body is durable and verified, so the row that
 * names it can be written after.
 */
export interface BlobStore {
  put(body: string | Uint8Array): Promise<BlobInfo>
  /** Null when there is no such body. @throws Error when the stored bytes no longer match their hash. */
  get(hash: string): Promise<Uint8Array | null>
  has(hash: string): Promise<boolean>
}
