import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

/** Fetched by npx: it brings 250 packages along, which no checkout needs. */
const builder = 'electron-builder@26.17.0'

/** Runs electron-builder on the built app; publishes nothing. @throws Error when it fails, after it has said why. */
export function runBuilder(args: readonly string[], env: Readonly<Record<string, string | undefined>>): void {
  const isWindows = process.platform === 'win32'
  const all = ['--yes', builder, ...args, '--publish', 'never']
  // npx is a script there, which only a shell starts.
  const given = isWindows ? all.map((argument) => `"${argument}"`) : all
  const cwd = join(import.meta.dirname, '..')
  const { status, error } = spawnSync('npx', given, { cwd, env: { ...env }, stdio: 'inherit', shell: isWindows })
  if (status !== 0) throw new Error('electron-builder failed: see above.', { cause: error })
}
