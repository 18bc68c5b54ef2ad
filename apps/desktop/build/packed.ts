import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { workerFolder } from './build.ts'

/**
 * Lays a built app out as it is installed: an archive, here a folder of its name, and beside it what threads start from.
 * What Electron finds beside an archive by itself, such as the addon, stays where Node finds it.
 * @param archive a path that ends in `app.asar`; emptied first.
 * @returns the folder of the built app in the archive.
 */
export function layOutPacked(dist: string, archive: string): string {
  for (const folder of [archive, `${archive}.unpacked`]) rmSync(folder, { recursive: true, force: true })
  const within = join('dist', 'app')
  const inside = join(archive, within)
  const workers = join(dist, workerFolder)
  cpSync(dist, inside, { recursive: true, filter: (name) => name !== workers })
  cpSync(workers, join(`${archive}.unpacked`, within, workerFolder), { recursive: true })
  return inside
}
