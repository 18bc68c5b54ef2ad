// `npm run desktop:check [-- page.md]`: packs the app around Electron's binary and goes through what only that can show.
// The page it writes can be sent as it is. Where the binary is absent the same steps run on the double.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { buildDesktop } from '../../build/build.ts'
import { runBuilder } from '../../build/builder.ts'
import { signingArguments, withoutFuses } from '../../build/signing.ts'
import { built, electronBinary } from '../paths.ts'
import { runCheck, type Subject } from './run.ts'
import { doubleOf, executableIn, packedOf } from './subjects.ts'

const desktop = join(import.meta.dirname, '..', '..')
const work = mkdtempSync(join(tmpdir(), 'steward-check-'))

/** @throws Error when electron-builder fails. */
function pack(): Subject {
  const electron = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const { version } = JSON.parse(readFileSync(join(electron, 'package.json'), 'utf8')) as { version: string }
  const [config, output] = [join(work, 'electron-builder.yml'), join(work, 'out')]
  // A binary with its fuses blown takes no orders from a driver.
  writeFileSync(config, withoutFuses(readFileSync(join(desktop, 'electron-builder.yml'), 'utf8')))
  const args = ['--dir', '--config', config, `-c.electronDist=${join(electron, 'dist')}`]
  // oxlint-disable-next-line node/no-process-env
  const env = { ...process.env, CSC_IDENTITY_AUTO_DISCOVERY: 'false' }
  runBuilder([...args, `-c.directories.output=${output}`, ...signingArguments(process.platform, null)], env)
  const executable = executableIn(output)
  if (executable === null) throw new Error('electron-builder made no app that this check knows.')
  return packedOf(executable, version)
}

try {
  await buildDesktop({ out: built.console })
  const isReal = electronBinary() !== null
  if (!isReal)
    console.log('Electron’s binary is absent: the check runs on the double (npx install-electron fetches it).')
  // Beside the sources, where Node finds the addon.
  const subject = isReal ? pack() : doubleOf(built.console, join(desktop, 'dist', 'check', 'app.asar'))
  const { page, results } = await runCheck(subject)
  const file = resolve(process.argv[2] ?? 'desktop-check.md')
  writeFileSync(file, page)
  console.log(`${page}\nWritten to ${file}.`)
  process.exitCode = results.every(({ status }) => status === 'ok') ? 0 : 1
} finally {
  rmSync(work, { recursive: true, force: true })
  rmSync(join(desktop, 'dist', 'check'), { recursive: true, force: true })
}
