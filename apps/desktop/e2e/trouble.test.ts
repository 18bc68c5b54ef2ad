import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Application } from '@steward/electron-double'
import { add, openConnections, openRemote } from './connections.ts'
import {
  askedOf,
  clickMenu,
  double,
  eachDriver,
  freshHome,
  hostPid,
  isRunning,
  readyPage,
  scriptDialogs,
  until,
  urlOf,
} from './drivers.ts'
import { startServer, type TestServer } from './server.ts'
import { followChanges, toldTo } from './stream.ts'

/** Says of the first window that something happened to it, as Electron does. */
const report = (app: Application, event: 'unresponsive' | 'render-process-gone'): Promise<boolean | undefined> =>
  app.evaluate(({ BrowserWindow }, name) => {
    const window = BrowserWindow.getAllWindows()[0]
    if (name === 'unresponsive') return window?.emit(name)
    return window?.webContents.emit(name, {}, { reason: 'crashed', exitCode: 5 })
  }, event)

/** The page that was given another title has been loaded anew, and its script has run. */
async function loadedAgain(page: Page): Promise<void> {
  await until('it is loaded again', async () => (await page.title().catch(() => '')) === 'Seam')
  await page.locator('html[data-ready]').waitFor()
}

eachDriver('trouble', (driver) => {
  let server: TestServer
  let app: Application
  let page: Page
  beforeAll(async () => {
    server = await startServer()
    app = await driver.start()
    page = await readyPage(app)
    await page.click('#create')
    await page.locator('#bots li').waitFor()
  })

  it('starts the host again when it is killed: the call under way fails clearly, the next is answered', async () => {
    const pid = await hostPid(app)
    // Held by the stopped process, so that the call is surely under way when it dies.
    process.kill(pid, 'SIGSTOP')
    const lost = page.evaluate(() =>
      window.call?.('workspace.list', {}).then(
        () => 'answered',
        (cause: Error) => `${cause.name}: ${cause.message}`,
      ),
    )
    await page.waitForTimeout(100)
    process.kill(pid, 'SIGKILL')
    expect(await lost).toMatch(/^PortError: .*ended before it answered/)
    await page.click('#create')
    await until('the second bot is there', async () => (await page.locator('#bots li').count()) === 2)
  })

  it('asks about a page that hangs, and loads it again only when told', async () => {
    await page.evaluate(() => void (document.title = 'not loaded again'))
    await scriptDialogs(app, { button: 2 })
    await report(app, 'unresponsive')
    await until('it is asked', async () => (await askedOf(app)).includes('The page does not respond.'))
    expect(await page.title()).toBe('not loaded again')
    await scriptDialogs(app, { button: 0 })
    await report(app, 'unresponsive')
    await loadedAgain(page)
    await page.locator('#bots li').first().waitFor()
  })

  it('loads a page again that has crashed', async () => {
    const known = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map(({ id }) => id))
    const shown = app.windows().length
    await clickMenu(app, 'shell.new-window')
    await until('the second window is there', () => app.windows().length === shown + 1)
    // Playwright gives a crashed page up: main asks the page instead.
    const rows = () =>
      app.evaluate(async ({ BrowserWindow }, ids) => {
        const window = BrowserWindow.getAllWindows().find(({ id }) => !ids.includes(id))
        const asked = window?.webContents.executeJavaScript('document.querySelectorAll("#bots li").length')
        return asked?.catch(() => 0)
      }, known)
    await until('the page shows the rows', async () => (await rows()) === 2)
    await app.evaluate(({ BrowserWindow }, ids) => {
      const window = BrowserWindow.getAllWindows().find(({ id }) => !ids.includes(id))
      const mark = window?.webContents.executeJavaScript('document.querySelector("#bots").replaceChildren()')
      return mark?.then(() => window?.webContents.forcefullyCrashRenderer())
    }, known)
    await until('the page shows the rows again', async () => (await rows()) === 2)
    expect(await page.locator('#bots li').count()).toBe(2)
    await app.evaluate(({ BrowserWindow }, ids) => {
      for (const window of BrowserWindow.getAllWindows()) if (!ids.includes(window.id)) window.destroy()
    }, known)
  })

  it('asks instead of loading a page that crashes again and again', async () => {
    await scriptDialogs(app, { button: 2 })
    for (let crash = 1; crash <= 3; crash += 1) {
      await page.evaluate(() => void (document.title = 'before the crash'))
      await report(app, 'render-process-gone')
      await loadedAgain(page)
    }
    expect(await askedOf(app)).toEqual([])
    await report(app, 'render-process-gone')
    await until('it is asked', async () => (await askedOf(app)).includes('The page crashed 4 times (crashed).'))
  })

  it('goes on with a stream where it broke off when the host was killed: nothing lost, nothing twice', async () => {
    await followChanges(page)
    await until('it has begun', async () => (await toldTo(page)).length > 0)
    const made = page.evaluate(async () => {
      const { call } = window
      if (!call) throw new Error('This is not the small page.')
      const { workspaces } = (await call('workspace.list', {})) as { workspaces: { id: string }[] }
      const workspaceId = workspaces[0]?.id
      // One call may be lost with the host; what it did is looked up afterwards.
      for (let at = 0; at < 90 && document.title !== 'enough'; at += 1) {
        await call('bot.create', { workspaceId, name: `Streamed ${at}` }, true).catch(() => {})
        await new Promise((resolve) => void setTimeout(resolve, 10))
      }
      const { bots } = (await call('bot.list', { workspaceId, pageSize: 100 })) as {
        bots: { id: string; name: string }[]
      }
      return bots.filter(({ name }) => name.startsWith('Streamed ')).map(({ id }) => id)
    })
    await until('it runs', async () => (await toldTo(page)).length > 5)
    const first = await hostPid(app)
    process.kill(first, 'SIGKILL')
    await until('another host is there', async () => (await hostPid(app).catch(() => first)) !== first)
    const before = (await toldTo(page)).length
    await until('it runs again', async () => (await toldTo(page)).length > before + 5)
    await page.evaluate(() => void (document.title = 'enough'))
    const ids = await made
    const bots = async (): Promise<string[]> =>
      (await toldTo(page)).flatMap(({ changes }) =>
        changes.filter(({ type }) => type === 'bot').map(({ id }) => id ?? 'hidden'),
      )
    await until('all is told', async () => (await bots()).length >= ids.length)
    expect((await bots()).toSorted()).toEqual(ids.toSorted())
    const told = await toldTo(page)
    expect(told.map(({ version }) => version)).toEqual(
      [...new Set(told.map(({ version }) => version))].toSorted((one, other) => one - other),
    )
    expect(told.some(({ reset }) => reset)).toBe(false)
  })

  it('shows a recovery window when the host crashes again and again, and starts it when asked', async () => {
    const connections = await openConnections(app)
    await add(connections, server)
    const remote = await openRemote(app, connections)
    let killed = new Set<number>()
    await until(
      'the recovery window is there',
      async () => {
        const pid = await hostPid(app).catch(() => null)
        if (pid !== null && !killed.has(pid) && isRunning(pid)) {
          process.kill(pid, 'SIGKILL')
          killed = new Set([...killed, pid])
        }
        return app.windows().some((one) => one.url().endsWith('/recovery'))
      },
      40,
    )
    // Two crashes were met above; the sixth within a minute is one too many.
    expect(killed.size).toBeGreaterThanOrEqual(4)
    expect(killed.size).toBeLessThanOrEqual(6)
    const launcher = await app.waitForWindow((url) => url === 'app://launcher/recovery')
    await launcher.locator('h1', { hasText: 'keeps crashing' }).waitFor()
    await launcher.getByRole('button', { name: 'Try again' }).click()
    await until('a window of this computer is there', () => {
      page = app.windows().find((one) => one !== remote && urlOf(one).startsWith('app://steward/')) ?? page
      return !page.isClosed()
    })
    await page.locator('#bots li').first().waitFor()
    // A server's window was not closed, and its calls find the new way.
    await remote.click('#create')
    await remote.locator('#said', { hasText: 'Created Bot 1' }).waitFor()
  })

  it('ends a host that does not end when asked, and with it the app', async () => {
    const pid = await hostPid(app)
    process.kill(pid, 'SIGSTOP')
    const began = performance.now()
    const ended = new Promise<number | null>((resolve) => void app.process().once('exit', (code) => resolve(code)))
    // Asked twice, for people are impatient.
    await app.evaluate(({ app: shell }) => shell.quit())
    await app.evaluate(({ app: shell }) => shell.quit())
    expect(await ended).toBe(0)
    expect(performance.now() - began).toBeGreaterThan(2_500)
    expect(isRunning(pid)).toBe(false)
  })
})

describe('a build of Electron that lacks a part', () => {
  it('says in the recovery window which, and leaves the data alone', async () => {
    const home = freshHome()
    const app = await double.start({ home, env: { STEWARD_DOUBLE_LACKING: 'hkdfSync' } })
    const launcher = await app.waitForWindow((url) => url === 'app://launcher/recovery')
    await launcher.locator('h1', { hasText: 'does not work on this computer' }).waitFor()
    expect(await launcher.locator('#reason').textContent()).toContain('lacks cryptography it needs (HKDF)')
    expect(existsSync(join(home, 'data', 'data', 'steward.db'))).toBe(false)
  })
})
