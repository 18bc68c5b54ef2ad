import { readFile, readdir } from 'node:fs/promises'
import { join, sep } from 'node:path'

/** The built console beside this program. */
export const consoleFolder = join(import.meta.dirname, '../../../packages/console/dist')

/** Reads a built console whole: a few MB. @returns null where none was built. */
export async function readConsole(folder: string): Promise<Map<string, Uint8Array> | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const read = async (file: string): Promise<[string, Uint8Array]> => [
    file.slice(folder.length).split(sep).join('/'),
    await readFile(file),
  ]
  const pages = new Map(await Promise.all(files.map(read)))
  return pages.has('/index.html') ? pages : null
}
