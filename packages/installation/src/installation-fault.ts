import { BlobsMismatch, WrongKey } from '@steward/api/server'
import { DamagedDatabase } from '@steward/db'
import { isEmbedded, keyFileOf, type Place } from './place.ts'

/** What is wrong with an installation. */
export type FaultKind =
  /** No Steward has been there yet, and none was to be made. */
  | 'none'
  /** There is no database, or an empty one, beside what belongs to one. */
  | 'lost'
  | 'damaged'
  | 'key-missing'
  | 'key-damaged'
  /** It is not the key that the database was used with. */
  | 'key-wrong'
  /** The blobs belong to another installation than the database. */
  | 'blobs-foreign'
  | 'blobs-missing'
  /** The data folder belongs to another installation than the database, which lies elsewhere. */
  | 'folder-foreign'

/**
 * Database, key, blobs and data folder belong together. One of them is lost or of another installation: nothing was opened,
 * and nothing was changed. The message tells the fact; what to do about it is told by the program around.
 */
export class InstallationFault extends Error {
  override readonly name = 'InstallationFault'
  readonly kind: FaultKind
  readonly dataFolder: string
  /** Whether the database is a file in the data folder. */
  readonly isEmbedded: boolean
  /** The key file; null where the key came from the environment. */
  readonly keyFile: string | null

  // oxlint-disable-next-line max-params
  constructor(kind: FaultKind, place: Place, message: string, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
    this.dataFolder = place.dataFolder
    this.isEmbedded = isEmbedded(place)
    this.keyFile = place.secretKey ? null : keyFileOf(place)
  }
}

export function wrongKey(place: Place, cause?: unknown): InstallationFault {
  const key = place.secretKey ? 'The key from the environment' : `The key file ${keyFileOf(place)}`
  return new InstallationFault('key-wrong', place, `${key} does not match this database.`, cause)
}

/** The fault that an error of opening means; any other error as it is. */
export function asFault(place: Place, cause: unknown): unknown {
  if (cause instanceof DamagedDatabase) return new InstallationFault('damaged', place, cause.message, cause)
  if (cause instanceof WrongKey) return wrongKey(place, cause)
  if (cause instanceof BlobsMismatch) return new InstallationFault(`blobs-${cause.kind}`, place, cause.message, cause)
  return cause
}
