import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const source = import.meta.dirname
const root = join(source, '..', '..', '..')

/** What the linter says about files that stand where ours would, by their names. */
function lint(files: Readonly<Record<string, string>>): Record<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-lint-'))
  try {
    copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
    for (const [name, text] of Object.entries(files)) {
      const file = join(folder, 'apps/desktop/src', name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
    const program = join(dirname(createRequire(import.meta.url).resolve('oxlint/package.json')), 'bin', 'oxlint')
    const { stdout } = spawnSync(process.execPath, [program, '-f', 'json', '.'], { cwd: folder, encoding: 'utf8' })
    const found: Record<string, string[]> = Object.fromEntries(Object.keys(files).map((name) => [name, []]))
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] }
    for (const { filename, code } of diagnostics)
      if (code.includes('no-restricted-imports')) found[filename.replace(/^.*apps\/desktop\/src\//, '')]?.push(code)
    return found
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const importing = (what: string, from: string): string =>
  `import { ${what} } from '${from}'\nexport const x = ${what}\n`

/** A forbidden import, for each place and each kind of thing that it may not take. */
const forbidden: Readonly<Record<string, string>> = {
  'main/data-1.ts': importing('openStores', '@steward/db'),
  'main/data-2.ts': importing('createApp', '@steward/api/server'),
  'main/data-3.ts': importing('Database', 'better-sqlite3'),
  'main/other.ts': importing('openApp', '../host/local-app.ts'),
  'main/listens.ts': importing('ipcMain', 'electron'),
  'main/opens.ts': importing('shell', 'electron'),
  'main/senders.ts': importing('shell', 'electron'),
  'main/outside.ts': importing('ipcMain', 'electron'),
  'preload/node.ts': importing('readFileSync', 'node:fs'),
  'preload/bare.ts': importing('readFileSync', 'fs'),
  'preload/package.ts': importing('z', 'zod'),
  'preload/main.ts': importing('places', '../main/paths.ts'),
  'preload/host.ts': importing('hostArguments', '../shared/host-messages.ts'),
  'page/electron.ts': importing('ipcRenderer', 'electron'),
  'page/node.ts': importing('join', 'node:path'),
  'page/data.ts': importing('Database', 'better-sqlite3'),
  'page/server.ts': importing('createApp', '@steward/api/server'),
  'page/main.ts': importing('places', '../main/paths.ts'),
  'launcher/electron.ts': importing('shell', 'electron'),
  'launcher/preload.ts': importing('tell', '../preload/index.ts'),
  'host/window.ts': importing('BrowserWindow', 'electron'),
  'host/main.ts': importing('places', '../main/paths.ts'),
}

const allowed: Readonly<Record<string, string>> = {
  'main/window.ts': importing('BrowserWindow', 'electron'),
  'main/node.ts': importing('join', 'node:path'),
  'preload/index.ts': importing('ipcRenderer', 'electron'),
  'preload/shared.ts': importing('channels', '../shared/bridge.ts'),
  'page/index.ts': importing('createPortLine', '@steward/api/port'),
  'page/shared.ts': importing('channels', '../shared/bridge.ts'),
  'launcher/index.ts': importing('make', './element.ts'),
  'launcher/words.ts': importing('wordsOf', '../shared/words.ts'),
  'host/index.ts': importing('net', 'electron'),
  'host/local-app.ts': importing('openStores', '@steward/db'),
}

describe('the linter', () => {
  const found = lint({ ...forbidden, ...allowed })

  it.each(Object.keys(forbidden))('refuses what %s imports', (name) => {
    expect(found[name]).toHaveLength(1)
  })

  it.each(Object.keys(allowed))('allows what %s imports', (name) => {
    expect(found[name]).toEqual([])
  })
})

interface Rule {
  /** What may stand in one module only. */
  what: RegExp
  home: string
  /** How somebody might write it elsewhere. */
  planted: readonly string[]
}

const rules: readonly Rule[] = [
  {
    what: /\bopenExternal\b/,
    home: 'main/outside.ts',
    planted: ['void shell.openExternal(url)', 'const { openExternal } = shell', "shell['openExternal'](url)"],
  },
  {
    what: /\bipcMain\b/,
    home: 'main/senders.ts',
    planted: ["ipcMain.handle('x', f)", "ipcMain.on('x', f)", "import { ipcMain as main } from 'electron'"],
  },
  {
    what: /\bnew\s+(BrowserWindow|WebContentsView|BaseWindow)\b|\b(BrowserWindow|BaseWindow) as\b|extends BrowserWindow/,
    home: 'main/windows.ts',
    planted: [
      'new BrowserWindow({})',
      'new\n  BrowserWindow()',
      "import { BrowserWindow as W } from 'electron'",
      'new WebContentsView()',
    ],
  },
  {
    what: /\bregisterSchemesAsPrivileged\b|\bprotocol\.handle\b/,
    home: 'main/pages.ts',
    planted: ['protocol.registerSchemesAsPrivileged([])', "protocol.handle('file', f)"],
  },
  {
    what: /\butilityProcess\b|node:child_process|node:worker_threads/,
    home: 'main/host-supervisor.ts',
    planted: ["utilityProcess.fork('x')", "import { spawn } from 'node:child_process'"],
  },
  {
    what: /\bexposeInMainWorld\b/,
    home: 'preload/index.ts',
    planted: ["contextBridge.exposeInMainWorld('x', {})"],
  },
]

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))

describe('what is dangerous stands in one module each', () => {
  it.each(rules)('$home: $what', ({ what, home, planted }) => {
    for (const text of planted) expect(text).toMatch(what)
    expect(files.filter((name) => what.test(readFileSync(join(source, name), 'utf8')))).toEqual([home])
  })
})
