import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

export const root = join(import.meta.dirname, '..', '..', '..')

/**
 * Copies what git tracks, as it lies in the work tree, beside packages that are links to the installed ones, so that a
 * mutant never stands in anybody's work tree. The workspaces link to the copy's own folders.
 */
export function copyCheckout(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  })
  for (const file of tracked.toString().split('\0')) {
    if (file === '' || !existsSync(join(root, file))) continue
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(root, file), join(folder, file))
  }
  linkPackages(join(root, 'node_modules'), join(folder, 'node_modules'))
  // What npm could not put beside the others.
  for (const workspace of globSync('{packages,apps,tests}/*', { cwd: root })) {
    const nested = join(workspace, 'node_modules')
    if (existsSync(join(root, nested))) symlinkSync(join(root, nested), join(folder, nested))
  }
}

function linkPackages(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    const source = join(from, name)
    if (name === '@steward') {
      mkdirSync(join(to, name))
      for (const own of readdirSync(source)) symlinkSync(readlinkSync(join(source, own)), join(to, name, own))
    } else if (!name.startsWith('.') || name === '.bin') symlinkSync(source, join(to, name))
  }
}
