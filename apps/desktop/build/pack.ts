// `npm run pack`: makes the real payload (app.asar and what lies beside it) with electron-builder
// around a stand-in for Electron's binary, checks what is in it, and runs the spec against what was taken out of it.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fixtureSite } from '../e2e/paths.ts'
import { extractAsar, type Extracted } from './asar.ts'
import { withoutFuses } from './signing.ts'
import { buildDesktop, exchangeSite, workerFolder } from './build.ts'
import { runBuilder } from './builder.ts'
import { layOutPacked } from './packed.ts'

const desktop = join(import.meta.dirname, '..')
const work = mkdtempSync(join(tmpdir(), 'steward-pack-'))
const require = createRequire(import.meta.url)

function run(command: string, args: string[], more: Record<string, string> = {}): void {
  // oxlint-disable-next-line node/no-process-env
  const env = { ...process.env, STEWARD_DESKTOP_REPORT: join(work, 'report'), ...more }
  const { status, error } = spawnSync(command, args, { cwd: desktop, env, stdio: 'inherit' })
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed.`, { cause: error })
}

/** What electron-builder takes for an unpacked Electron: enough to put an app beside. */
function standIn(): string {
  const folder = join(work, 'electron')
  const { version } = require('electron/package.json') as { version: string }
  mkdirSync(join(folder, 'locales'), { recursive: true })
  writeFileSync(join(folder, 'electron'), '#!/bin/sh\nexit 1\n')
  chmodSync(join(folder, 'electron'), 0o755)
  writeFileSync(join(folder, 'version'), version)
  return folder
}

/** @throws Error when something is missing, came along that should not, or lies in the archive and cannot be used there. */
function check({ names, unpacked }: Extracted, archive: string): void {
  const workers = readdirSync(join(desktop, 'dist', 'app', workerFolder)).map(
    (name) => `dist/app/${workerFolder}/${name}`,
  )
  const addon = `node_modules/better-sqlite3/prebuilds/linux-${process.arch}.node`
  const wanted = ['package.json', 'dist/app/main/index.js', 'dist/app/host/index.js', 'dist/app/preload/index.cjs']
  wanted.push('dist/app/launcher/index.html', 'dist/app/console/index.html')
  const missing = wanted.filter((name) => !names.includes(name))
  const sealed = [addon, ...workers].filter((name) => !unpacked.includes(name))
  const strange = names.filter(
    (name) =>
      !/^(package\.json$|dist\/app\/|node_modules\/better-sqlite3\/)/.test(name) ||
      (name.endsWith('.node') && name !== addon) ||
      /better-sqlite3\/(deps|src|build)\//.test(name),
  )
  if (missing.length > 0 || strange.length > 0)
    throw new Error(`The payload lacks [${missing.join(', ')}] and has [${strange.slice(0, 10).join(', ')}].`)
  if (sealed.length > 0 || workers.length === 0)
    throw new Error(`Not beside the archive, where it could be loaded: [${sealed.join(', ')}].`)
  const size = (statSync(archive).size / 1024 / 1024).toFixed(1)
  console.log(`The payload holds ${names.length} files, ${size} MB packed, and nothing else.`)
}

try {
  await buildDesktop({ out: join(desktop, 'dist', 'app') })
  const settings = readFileSync(join(desktop, 'electron-builder.yml'), 'utf8')
  const config = join(work, 'electron-builder.yml')
  // Fuses are switched in the real binary, which the stand-in is not.
  writeFileSync(config, withoutFuses(settings))
  const output = join(work, 'out')
  const args = ['--dir', '--linux', '--config', config, `-c.electronDist=${standIn()}`]
  // oxlint-disable-next-line node/no-process-env
  runBuilder([...args, `-c.directories.output=${output}`], process.env)
  const archive = join(output, 'linux-unpacked', 'resources', 'app.asar')
  const payload = join(work, 'payload')
  check(extractAsar(archive, payload), archive)
  const dist = join(payload, 'dist', 'app')
  const packed = layOutPacked(dist, join(payload, 'app.asar'))
  const vitest = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs')
  run(process.execPath, [vitest, 'run', 'e2e/console.test.ts'], { STEWARD_DESKTOP_CONSOLE: packed })
  // The rest of the spec looks at the small page: it takes the console's place, all else stays as it was packed.
  const small = join(payload, 'dist', 'small')
  exchangeSite(dist, small, fixtureSite)
  run(process.execPath, [vitest, 'run', 'e2e'], { STEWARD_DESKTOP_DIST: small })
  console.log('The spec passes on what was packed.')
} finally {
  rmSync(work, { recursive: true, force: true })
}
