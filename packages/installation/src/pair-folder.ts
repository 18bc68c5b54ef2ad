import { installationFileName } from '@steward/api/server'
import { constants, existsSync } from 'node:fs'
import { access, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InstallationFault } from './installation-fault.ts'
import { keyFileOf, type Place } from './place.ts'

/**
 * Notes in the data folder which database it belongs to, where the two lie apart. Nothing is noted where there is no
 * folder, or one that cannot be written: then nothing in it needs the database.
 * @throws InstallationFault when the folder belongs to another one.
 */
export async function pairFolder(place: Place, installationId: string): Promise<void> {
  const { dataFolder } = place
  const file = join(dataFolder, installationFileName)
  if (existsSync(file)) {
    if ((await readFile(file, 'utf8')).trim() === installationId) return
    const message = `The data folder ${dataFolder} belongs to a different installation than the database.`
    throw new InstallationFault('folder-foreign', place, message)
  }
  const isWritable = access(dataFolder, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (existsSync(keyFileOf(place)) && (await isWritable)) await writeFile(file, `${installationId}\n`, { mode: 0o600 })
}
