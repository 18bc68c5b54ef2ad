import { installationFileName } from '@steward/api/server'
import { blobFolderName, type FaultKind, type InstallationFault } from '@steward/installation'
import { join } from 'node:path'
import type { exitCode } from './exit.ts'

/** The name of an exit code, and the words: what is wrong, and what to do about it. */
type Told = [code: keyof typeof exitCode, message: string]

const restoreIt = 'steward restore <folder> --force'
const ifLost =
  'Only if it is permanently lost: "steward key replace"\ncontinues with a new one and explains what is lost.'

const words: Record<FaultKind, (fault: InstallationFault) => Told> = {
  none: ({ isEmbedded, dataFolder }) => [
    'usage',
    isEmbedded
      ? `There is no Steward database in ${dataFolder}. Set STEWARD_DATA to the right folder, or start Steward there once.`
      : 'There is no Steward installation in the database set in STEWARD_DATABASE_URL. Correct it, or start Steward there once.',
  ],
  lost: (fault) => ['database', `${fault.message}\n${wayOn(fault)}`],
  damaged: ({ message }) => ['database', `${message}\nStop Steward and restore a backup: ${restoreIt}`],
  'key-missing': ({ message }) => [
    'usage',
    `${message}\nPut your copy of the file back, or set STEWARD_SECRET_KEY. ${ifLost}`,
  ],
  'key-damaged': ({ message }) => [
    'usage',
    `${message} Put your copy back;\nif there is no copy, move the file away. ${ifLost}`,
  ],
  'key-wrong': ({ keyFile }) => [
    'usage',
    `${keyFile === null ? 'STEWARD_SECRET_KEY' : `The key file ${keyFile}`} does not match this database: ` +
      'no encrypted secret could be read, and\n' +
      'its signatures would not be valid. Nothing was changed. Put the right key in its place. If you are replacing it, run\n' +
      `"steward key replace --former <file>" until it is done. ${ifLost}`,
  ],
  'blobs-foreign': ({ message, dataFolder }) => [
    'database',
    `${message}\n` +
      `Nothing was changed. Put the right database or the right folder ${join(dataFolder, blobFolderName)} in its place, or restore a\n` +
      `backup, which contains both: ${restoreIt}`,
  ],
  'blobs-missing': ({ message, isEmbedded, dataFolder }) => [
    'database',
    `${message}\n` +
      `Nothing was changed. Put ${isEmbedded ? `the folder ${join(dataFolder, blobFolderName)} back` : 'the tables blob and blob_chunk back from a backup'} (is its disk mounted?).\n` +
      'Only if it is permanently lost: "steward blobs accept-loss" continues without it.',
  ],
  'folder-foreign': ({ message, dataFolder }) => [
    'database',
    `${message} Nothing was changed.\n` +
      'Correct STEWARD_DATABASE_URL or STEWARD_DATA. If the database was replaced on purpose, delete ' +
      join(dataFolder, installationFileName),
  ],
}

function wayOn({ isEmbedded, dataFolder }: InstallationFault): string {
  const anew = 'To start over on purpose, move the existing files elsewhere, or set STEWARD_DATA to a new folder.'
  return isEmbedded
    ? `Put the database back, or restore a backup: ${restoreIt}\n${anew}`
    : `Correct STEWARD_DATABASE_URL or STEWARD_DATA (${dataFolder}), or restore the database with pg_restore.\n${anew}`
}

/** What the command line and the log of a failed start say of a fault. */
export const wordsOf = (fault: InstallationFault): Told => words[fault.kind](fault)
