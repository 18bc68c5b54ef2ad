import { rmSync } from 'node:fs'
import { buildDesktop } from '../build/build.ts'
import { built, canBuildConsole, electronBinary, fixtureSite } from './place.ts'

/** Builds what the specs run, and says in one line each what they cannot run here. */
export default async function setup(): Promise<void> {
  if (electronBinary() === null)
    console.log('Electron’s binary is absent: the specs run on the double only (npx install-electron fetches it).')
  if (built.isGiven) return
  await buildDesktop({ out: built.fixture, site: fixtureSite })
  rmSync(built.console, { recursive: true, force: true })
  if (canBuildConsole()) await buildDesktop({ out: built.console })
  else console.log('packages/console has not been built: the specs with the real console are skipped.')
}
