import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** A Node of the line that Electron 45 embeds. */
export const electronNodeVersion = '24.22.3'

/** Where `npm run node24` keeps it. */
export const electronNodeFolder = join(import.meta.dirname, '../../../node_modules/.cache/node24', electronNodeVersion)

/** Its executable; null where none was fetched. */
export function electronNode(): string | null {
  const file = join(electronNodeFolder, 'package', 'bin', 'node')
  return existsSync(file) ? file : null
}
