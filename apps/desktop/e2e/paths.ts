import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { consoleDist } from '../build/build.ts'

const desktop = join(import.meta.dirname, '..')

// oxlint-disable-next-line node/no-process-env
const { STEWARD_DESKTOP_DIST: given, STEWARD_DESKTOP_CONSOLE: givenConsole } = process.env

/** The built apps under test: around the small page of e2e/fixture, and around the real console. */
export const built = {
  /** A folder is tested as it is, such as a packed app that was taken apart, or a mutant. */
  isGiven: given !== undefined || givenConsole !== undefined,
  fixture: given ?? join(desktop, 'dist', 'fixture'),
  console: givenConsole ?? join(desktop, 'dist', 'app'),
  /** Whether the app around the real console was built. */
  hasConsole: (): boolean => given === undefined && existsSync(join(built.console, 'console', 'index.html')),
}

/** Whether there is a console to build the app around. */
export const canBuildConsole = (): boolean => existsSync(join(consoleDist, 'index.html'))

/** The folder of the fixture page. */
export const fixtureSite = join(import.meta.dirname, 'fixture')

/** Electron's binary; null where it was never fetched. Importing `electron` to ask would start a download. */
export function electronBinary(): string | null {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const named = join(folder, 'path.txt')
  if (!existsSync(named)) return null
  const binary = join(folder, 'dist', readFileSync(named, 'utf8').trim())
  return existsSync(binary) ? binary : null
}
