import type { Page } from 'playwright-core'
import type { Application } from '@steward/electron-double'
import { clickMenu, until } from './drivers.ts'

/** Opens the window of connections. */
export async function openConnections(app: Application): Promise<Page> {
  await clickMenu(app, 'shell.connections')
  const launcher = await app.waitForWindow((url) => url === 'app://launcher/connections')
  await launcher.locator('h1', { hasText: 'Connections' }).waitFor()
  return launcher
}

export interface Given {
  name?: string
  url: string
  token: string
  remember?: boolean
}

/** Fills the form in and sends it. */
export async function add(launcher: Page, { name = 'Office', url, token, remember = true }: Given): Promise<void> {
  await launcher.fill('#name', name)
  await launcher.fill('#url', url)
  await launcher.fill('#token', token)
  const box = launcher.locator('#remember')
  if (await box.count()) await box.setChecked(remember)
  await launcher.getByRole('button', { name: 'Add server' }).click()
}

/** Opens a connection's window from there. */
export async function openRemote(app: Application, launcher: Page, name = 'Office'): Promise<Page> {
  const before = new Set(app.windows())
  await launcher.getByRole('button', { name: `Open ${name}` }).click()
  await until('the window is there', () => app.windows().some((page) => !before.has(page)))
  const page = app.windows().find((one) => !before.has(one))
  if (!page) throw new Error('The window went away.')
  await page.locator('html[data-ready]').waitFor()
  return page
}
