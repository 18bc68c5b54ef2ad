import { rmSync } from 'node:fs'
import { buildDesktop, exchangeSite } from '../build/build.ts'
import { electronNode } from '@steward/electron-double/node'
import { built, canBuildConsole, electronBinary, fixtureSite } from './paths.ts'

/** Builds what the specs run, and says in one line each what they cannot run here. */
export default async function setup(): Promise<void> {
  if (electronBinary() === null)
    console.log('Electron’s binary is absent: the specs run on the double only (npx install-electron fetches it).')
  const [major] = process.versions.node.split('.')
  if (electronNode() === null && major !== '24')
    console.log(
      `Electron embeds Node 24, the host runs on Node ${major} here ("npm run node24" fetches one and uses it).`,
    )
  if (built.isGiven) return
  if (canBuildConsole()) {
    await buildDesktop({ out: built.console })
    return exchangeSite(built.console, built.fixture, fixtureSite)
  }
  console.log('packages/console has not been built: the specs with the real console are skipped.')
  rmSync(built.console, { recursive: true, force: true })
  await buildDesktop({ out: built.fixture, site: fixtureSite })
}
