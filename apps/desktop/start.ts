// `npm run desktop`: starts the built app in Electron, or says in one line what is missing for that. With `--check` it
// only says so.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { built, electronBinary } from './e2e/paths.ts'

function stop(line: string): never {
  console.error(line)
  process.exit(1)
}

const [first, ...rest] = process.argv.slice(2)
const binary = electronBinary()
if (binary === null)
  stop('Electron’s binary is not here: fetch it once with "npx install-electron", then run this again.')
if (first === '--check') process.exit(0)
if (!existsSync(join(built.console, 'main', 'index.js')))
  stop('The desktop app is not built: run "npm run desktop", which builds it first.')
// The folder, not the file: its package.json gives the app its name, and so the place of its data.
const child = spawn(binary, [import.meta.dirname, ...(first === undefined ? [] : [first]), ...rest], {
  stdio: 'inherit',
})
child.once('error', (error) => stop(`Electron did not start: ${error.message}`))
child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)))
