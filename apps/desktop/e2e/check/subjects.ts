import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { launchDouble } from '@steward/electron-double'
import { layOutPacked } from '../../build/packed.ts'
import { launchElectron } from '../apps.ts'
import type { Subject } from './run.ts'

const placeOf = (home: string): string => `--user-data-dir=${join(home, 'data')}`

/** A built app, laid out as it is installed, on the double of Electron. @param archive see `layOutPacked`. */
export function doubleOf(dist: string, archive: string): Subject {
  const main = join(layOutPacked(dist, archive), 'main', 'index.js')
  const start = (home: string, args: string[]) =>
    launchDouble({
      main,
      args: [placeOf(home), ...args],
      journal: join(home, 'journal.jsonl'),
      env: { STEWARD_DOUBLE_PACKAGED: 'yes' },
    })
  return {
    name: 'the double of Electron: nothing here is proved of Electron itself',
    start,
    async startAgain(home, args) {
      const second = await start(home, args).catch(() => null)
      // One that stays is no second start.
      await second?.close()
    },
  }
}

/** An app that electron-builder packed around the real binary. */
export function packedOf(executable: string, version: string): Subject {
  return {
    name: `Electron ${version}`,
    start: (home, args) => launchElectron({ executable, home, args, ownKeyring: true }),
    startAgain: (home, args) =>
      new Promise((resolve) => {
        const child = spawn(executable, [placeOf(home), ...args], { stdio: 'ignore' })
        const late = setTimeout(() => child.kill(), 10_000)
        child.once('error', () => resolve())
        child.once('exit', () => {
          clearTimeout(late)
          resolve()
        })
      }),
  }
}

/** The executable in what electron-builder made with `--dir`; null where there is none. */
export function executableIn(output: string): string | null {
  const names = existsSync(output) ? readdirSync(output) : []
  const candidates = names.flatMap((name) => [
    join(output, name, 'Steward.app', 'Contents', 'MacOS', 'Steward'),
    join(output, name, 'Steward.exe'),
    join(output, name, 'steward'),
  ])
  return candidates.find((file) => existsSync(file)) ?? null
}
