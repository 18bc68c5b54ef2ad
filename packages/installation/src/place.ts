import { join } from 'node:path'

// What lies in a data folder, beside the databases.
export const keyFileName = 'secret.key'
export const blobFolderName = 'blobs'
/** Where embedded databases are copied before a migration. */
export const backupFolderName = 'backups'

/** Where an installation lies. */
export interface Place {
  /** Absolute path. Holds all of it; with a database of its own elsewhere, the key at most. */
  readonly dataFolder: string
  /** The database server that is used instead of files in the data folder. */
  readonly databaseUrl: string | null
  /** At least 32 bytes, from the environment; null takes the key file in the data folder. */
  readonly secretKey: Uint8Array | null
}

/** Whether databases and blobs are files in the data folder. */
export const isEmbedded = ({ databaseUrl }: Pick<Place, 'databaseUrl'>): boolean => databaseUrl === null

export const keyFileOf = ({ dataFolder }: Pick<Place, 'dataFolder'>): string => join(dataFolder, keyFileName)

/** Undefined where the blobs lie in the database. */
export const blobFolderOf = (place: Pick<Place, 'dataFolder' | 'databaseUrl'>): string | undefined =>
  isEmbedded(place) ? join(place.dataFolder, blobFolderName) : undefined
