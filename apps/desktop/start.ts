// `npm run desktop`: builds the desktop app and starts it in Electron, or says in one line what is missing for that.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildDesktop } from './build/build.ts'
import { built, canBuildConsole, electronBinary } from './e2e/place.ts'

function stop(line: string): never {
  console.error(line)
  process.exit(1)
}

const binary = electronBinary()
if (binary === null)
  stop('Electron’s binary is not here: fetch it once with "npx install-electron", then run this again.')
if (!canBuildConsole()) stop('The console is not built: run "npm run build -w @steward/console", then this again.')
await buildDesktop({ out: built.console })
const child = spawn(binary, [join(built.console, 'main', 'index.js'), ...process.argv.slice(2)], { stdio: 'inherit' })
child.once('error', (error) => stop(`Electron did not start: ${error.message}`))
child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)))
