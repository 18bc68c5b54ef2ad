/*
 * The desktop's part of `npm run screenshots [-- --out folder]`: its windows on the double, in both themes. Needs the
 * built app and a Chromium (CHROMIUM says where).
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { appUrl, launchDouble, type Application } from '@steward/electron-double'
import { built } from './paths.ts'

const { values } = parseArgs({
  options: { out: { type: 'string', default: join(import.meta.dirname, '../../../screenshots') } },
})
if (!built.hasConsole()) throw new Error('The desktop app is not built: run "npm run screenshots" at the root.')
mkdirSync(values.out, { recursive: true })

/** As src/main opens them. */
const sizes = { usual: { width: 1280, height: 800 }, launcher: { width: 760, height: 620 } }

const home = mkdtempSync(join(tmpdir(), 'steward-screenshots-'))
const data = join(home, 'data', 'data')

const start = (): Promise<Application> =>
  launchDouble({
    main: join(built.console, 'main', 'index.js'),
    args: [`--user-data-dir=${join(home, 'data')}`],
    journal: join(home, 'journal'),
    keyring: 'basic_text',
  })

async function take(name: string, page: Page, size: keyof typeof sizes): Promise<void> {
  // Under the double a window is as large as its Chromium makes it.
  await page.setViewportSize(sizes[size])
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    await page.screenshot({ path: join(values.out, `${name}-${theme}.png`) })
  }
  process.stdout.write(`${name.padEnd(22)} light, dark\n`)
}

try {
  const app = await start()
  const page = await app.waitForWindow((url) => url.endsWith('/home'))
  await page.getByText('No bots yet').waitFor()
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
  await take('desktop-home', page, 'usual')
  await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('shell.connections')?.click())
  const connections = await app.waitForWindow((url) => appUrl(url) === 'app://launcher/connections')
  await connections.getByRole('button', { name: 'Add server' }).waitFor()
  await take('desktop-connections', connections, 'launcher')
  await app.close()

  const file = join(data, 'steward.db')
  if (!existsSync(file)) throw new Error(`There is no database at ${file}.`)
  mkdirSync(join(data, 'backups'), { recursive: true })
  copyFileSync(file, join(data, 'backups', 'main-before-migration-2026-01-01T000000.000Z.db'))
  writeFileSync(file, 'this is no database '.repeat(1000))
  const broken = await start()
  const recovery = await broken.waitForWindow((url) => appUrl(url) === 'app://launcher/recovery')
  await recovery.getByRole('button', { name: 'Try again' }).waitFor()
  await take('desktop-recovery', recovery, 'launcher')
  await broken.close()
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
