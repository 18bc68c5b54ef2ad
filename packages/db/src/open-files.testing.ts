import { readdirSync, readlinkSync } from 'node:fs'
import { sep } from 'node:path'

/** Only Linux tells a process what it has open. */
export const tellsOpenFiles = process.platform === 'linux'

/** The paths in a folder that this process has open, each as often as it has. */
export function openFilesIn(folder: string): string[] {
  return readdirSync('/proc/self/fd')
    .map((descriptor) => pathOf(descriptor))
    .filter((path) => path === folder || path.startsWith(`${folder}${sep}`))
}

/** Empty for what was closed meanwhile. */
function pathOf(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return ''
  }
}
