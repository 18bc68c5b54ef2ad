import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
import { build, type InlineConfig, type Plugin } from 'vite'
import type { MenuCommand } from '../src/main/menu.ts'

const desktop = join(import.meta.dirname, '..')
const root = join(desktop, '..', '..')
const packages = join(root, 'packages')

/** Where the console's own build lies. */
export const consoleDist = join(packages, 'console', 'dist')

/** The folder of the built threads, all of which lies outside the archive. */
export const workerFolder = 'worker'

export interface BuildOptions {
  /** The folder to build into; emptied first. */
  out: string
  /** A built site to show; without one the console's. */
  site?: string
}

/**
 * Builds main, host, preload and the shell's own pages, and copies the console's build beside them.
 * @throws Error when there is no built console.
 */
export async function buildDesktop({ out, site = consoleDist }: BuildOptions): Promise<void> {
  if (!existsSync(join(site, 'index.html')))
    throw new Error(`There is no built console in ${site}. Build it first: npm run build -w @steward/console`)
  rmSync(out, { recursive: true, force: true })
  const source = (...path: string[]): string => join(desktop, 'src', ...path)
  await Promise.all([
    build(node(out, 'main', source('main', 'index.ts'))),
    buildHost(out, source('host', 'index.ts')),
    build(script(join(out, 'preload'), source('preload', 'index.ts'), 'index.cjs')),
    build(script(join(out, 'console'), source('page', 'index.ts'), pageScript)),
    build(script(join(out, 'launcher'), source('launcher', 'index.ts'), 'launcher.js')),
  ])
  for (const name of ['index.html', 'launcher.css']) cpSync(source('launcher', name), join(out, 'launcher', name))
  writeFileSync(join(out, 'main', 'commands.json'), JSON.stringify(readCommands()))
  addSite(site, out)
}

/** The same built app around another site. */
export function exchangeSite(from: string, out: string, site: string): void {
  const former = join(from, 'console')
  rmSync(out, { recursive: true, force: true })
  cpSync(from, out, { recursive: true, filter: (name) => name !== former })
  mkdirSync(join(out, 'console'))
  cpSync(join(former, pageScript), join(out, 'console', pageScript))
  addSite(site, out)
}

const pageScript = 'steward-desktop.js'

const quiet: InlineConfig = { configFile: false, logLevel: 'warn', root: desktop, publicDir: false }

/** The host, and beside it each thread that it starts. @throws Error when there is a thread that was not found. */
async function buildHost(out: string, entry: string): Promise<void> {
  const workers = new Map<string, string>()
  const config = node(out, 'host', entry)
  await build({ ...config, plugins: [findWorkers(workers)] })
  for (const [name, file] of workers) await build(worker(out, name, file))
}

/** A program for Electron's Node (24): one ES module and its chunks, with nothing outside but Electron and the addon. */
function node(out: string, name: string, entry: string): InlineConfig {
  const external = ['electron', 'better-sqlite3', 'pg-native', ...builtinModules, /^node:/]
  return {
    ...quiet,
    ssr: { noExternal: true, external: ['electron', 'better-sqlite3'], target: 'node' },
    build: {
      ssr: true,
      target: 'node24',
      outDir: join(out, name),
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: { index: entry },
        external,
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name].js' },
      },
    },
  }
}

/** A thread is one file that says by its name what it is: outside the archive there is no package.json above it. */
function worker(out: string, name: string, entry: string): InlineConfig {
  const config = node(out, workerFolder, entry)
  const output = { format: 'es' as const, entryFileNames: `${name}.mjs`, codeSplitting: false }
  const rolldownOptions = { ...config.build?.rolldownOptions, output }
  return { ...config, build: { ...config.build, emptyOutDir: false, rolldownOptions } }
}

const startOfThread = /new Worker\(\s*new URL\('\.\/([\w-]+)\.ts', import\.meta\.url\)/g

/**
 * Threads start from files that electron-builder leaves outside the archive (electron-builder.yml: asarUnpack): what reads
 * archives is not in a thread before its first module is read.
 */
function findWorkers(found: Map<string, string>): Plugin {
  return {
    name: 'steward-workers',
    enforce: 'pre',
    transform(code, id) {
      const changed = code.replaceAll(startOfThread, (_whole, name: string) => {
        found.set(name, join(dirname(id), `${name}.ts`))
        return `new Worker(new URL('../${workerFolder}/${name}.mjs', import.meta.url.replace('/app.asar/', '/app.asar.unpacked/'))`
      })
      if (/\bnew Worker\((?!new URL\('\.\.\/)/.test(changed))
        throw new Error(`${id} starts a thread in a way that the desktop's build does not know.`)
      return changed === code ? null : changed
    },
  }
}

/** One classic script: a sandboxed preload can be nothing else, and a page's first script must not be deferred. */
function script(out: string, entry: string, fileName: string): InlineConfig {
  return {
    ...quiet,
    build: {
      target: 'chrome150',
      outDir: out,
      emptyOutDir: true,
      minify: false,
      lib: { entry, name: 'steward', formats: [fileName.endsWith('.cjs') ? 'cjs' : 'iife'], fileName: () => fileName },
      rolldownOptions: { external: ['electron'] },
    },
  }
}

/** The site as it is, with the desktop's script before its own. */
function addSite(site: string, out: string): void {
  const target = join(out, 'console')
  cpSync(site, target, { recursive: true })
  const page = join(target, 'index.html')
  const html = readFileSync(page, 'utf8')
  const marked = html.replace('<head>', `<head>\n    <script src="/${pageScript}"></script>`)
  if (marked === html) throw new Error(`${page} has no <head> to put the desktop's script into.`)
  writeFileSync(page, marked)
}

/** The console's table of commands, as much of it as a menu shows. Its modules expect a browser, so little is pretended. */
function readCommands(): MenuCommand[] {
  const table = join(packages, 'console', 'src', 'shell', 'features.ts')
  const program = `
    globalThis.matchMedia = () => ({ matches: false, addEventListener() {} })
    globalThis.addEventListener = () => {}
    const { commands } = await import(${JSON.stringify(table)})
    const shown = Object.entries(commands).filter(([, command]) => command.menu)
    console.log(JSON.stringify(shown.map(([id, { title, keys = '', menu }]) => ({ id, title, keys, menu }))))`
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  return JSON.parse(text) as MenuCommand[]
}
