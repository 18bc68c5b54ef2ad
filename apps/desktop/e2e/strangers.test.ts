import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import type { Application } from '@steward/electron-double'
import { clickMenu, eachDriver, readyPage, until } from './drivers.ts'
import { built } from './paths.ts'

const refusal = 'This page is not allowed to do that.'

/** What a page is told when it asks main for something through its preload. */
const answerTo = (page: Page, name: 'connect' | 'listConnections' | 'recovery'): Promise<string> =>
  page.evaluate(
    (call) =>
      window.stewardShell[call]().then(
        () => 'answered',
        (cause: Error) => cause.message,
      ),
    name,
  )

eachDriver('strangers', (driver) => {
  let app: Application
  let page: Page
  beforeAll(async () => {
    app = await driver.start()
    page = await readyPage(app)
  })

  it('may not use what belongs to the other page: the console sees no connections, the launcher gets no port', async () => {
    expect(await answerTo(page, 'connect')).toBe('answered')
    expect(await answerTo(page, 'listConnections')).toContain(refusal)
    expect(await answerTo(page, 'recovery')).toContain(refusal)
    await clickMenu(app, 'shell.connections')
    const launcher = await app.waitForWindow((url) => url === 'app://launcher/connections')
    await launcher.locator('h1', { hasText: 'Connections' }).waitFor()
    expect(await answerTo(launcher, 'connect')).toContain(refusal)
  })

  it('get nothing: neither a frame inside our page nor a page elsewhere that has our preload', async () => {
    const preload = join(built.fixture, 'preload', 'index.cjs')
    const told = `--steward-connection=${encodeURIComponent(JSON.stringify({ kind: 'local', name: 'Stolen', url: null }))}`
    const before = app.windows().length
    // A window that is ours in all but its making: our page, our preload, also in frames.
    await app.evaluate(
      ({ BrowserWindow }, [file, argument]) => {
        const webPreferences = {
          preload: file,
          sandbox: true,
          contextIsolation: true,
          nodeIntegrationInSubFrames: true,
          additionalArguments: [argument],
        }
        void new BrowserWindow({ webPreferences }).loadURL('app://steward/hostile')
      },
      [preload, told] as [string, string],
    )
    await until('the hostile window is there', () => app.windows().length === before + 1)
    const hostile = await app.waitForWindow((url) => url === 'app://steward/hostile')
    expect(await answerTo(hostile, 'connect')).toContain(refusal)
    const inFrame = await hostile.evaluate(async () => {
      const frame = document.createElement('iframe')
      document.body.append(frame)
      await new Promise((resolve) => void setTimeout(resolve, 200))
      const inner = frame.contentWindow?.stewardShell
      if (!inner) return 'no preload in the frame'
      return inner.backUp().then(
        () => 'answered',
        (cause: Error) => cause.message,
      )
    })
    expect(inFrame).toMatch(/This page is not allowed to do that|no preload in the frame/)
  })

  it('get nothing when a window of ours was led to them', async () => {
    // Main itself leads it there, past every guard; the address is refused by our handler, and is still a page.
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.webContents.getURL() === 'app://steward/')
        ?.loadURL('app://elsewhere/'),
    )
    const led = await app.waitForWindow((url) => url === 'app://elsewhere/')
    expect(await answerTo(led, 'connect')).toContain(refusal)
  })
})
