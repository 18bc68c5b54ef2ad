/** A large body by its content. A row exists once the whole body is stored and verified. */
export interface BlobTable {
  /** SHA-256, hex. */
  hash: string
  /** Bytes. */
  size: number
  created_at: string
  /** Since when it is out of use, to be deleted days later. */
  set_aside_at: string | null
}

/** Bodies of blobs where servers share a database; embedded installations keep files instead. */
export interface BlobChunkTable {
  hash: string
  seq: number
  data: Uint8Array
}
