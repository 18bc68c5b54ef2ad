import { constants } from 'node:fs'
import { chmod, copyFile, open } from 'node:fs/promises'

/** Copies to a new file that its owner alone can read, and that is on the disk when this resolves. */
export async function copyPrivate(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL)
  await chmod(to, 0o600)
  const file = await open(to, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
