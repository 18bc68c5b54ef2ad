import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Application, Ended } from '../double/launch.ts'
import { eachDriver, freshHome, readyPage, until, urlOf } from './drivers.ts'
import { built } from './place.ts'

eachDriver('the app’s life', (driver) => {
  it('ends in order when its last window closes: the host folds its log into the database and exits with 0', async () => {
    const home = freshHome()
    const app = await driver.start({ home })
    const page = await readyPage(app)
    await page.click('#create')
    await page.locator('#bots li').waitFor()
    const data = join(home, 'data', 'data')
    expect(existsSync(join(data, 'steward.db-wal'))).toBe(true)
    const ended = new Promise<number | null>((resolve) => void app.process().once('exit', (code) => resolve(code)))
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((window) => window.close()))
    expect(await ended).toBe(0)
    // A host that merely dies with its parent leaves its write-ahead log behind.
    expect(readdirSync(data).filter((name) => name.endsWith('-wal'))).toEqual([])
    if (driver.name === 'double')
      expect(app.journal().filter(({ kind }) => kind === 'host')).toMatchObject([
        { event: 'fork' },
        { event: 'exit', code: 0 },
      ])
    const again = await driver.start({ home })
    await (await readyPage(again)).locator('#bots li', { hasText: 'Bot 1' }).waitFor()
  })

  it('hands a second start and its link over to the first', async () => {
    const home = freshHome()
    const app = await driver.start({ home })
    const page = await readyPage(app)
    const second = await driver.start({ home, args: ['steward://w/wkspace_1/bots'] }).catch((cause: unknown) => cause)
    if (driver.name === 'double') expect(second).toMatchObject({ code: 0 } satisfies Partial<Ended>)
    await page.locator('#path', { hasText: '/w/wkspace_1/bots' }).waitFor()
    expect(urlOf(page)).toBe('app://steward/w/wkspace_1/bots')
    expect(app.windows().length).toBe(1)
  })

  it('begins at the page that a link names', async () => {
    const app = await driver.start({ args: ['steward://w/wkspace_2/members?role=owner'] })
    const page = await readyPage(app)
    expect(urlOf(page)).toBe('app://steward/w/wkspace_2/members?role=owner')
  })

  it('remembers where its window was, and not a place nobody can see', async () => {
    const home = freshHome()
    const app = await driver.start({ home })
    await readyPage(app)
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 50, width: 900, height: 640 }),
    )
    await app.close()
    const again = await driver.start({ home })
    await readyPage(again)
    const bounds = () => again.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())
    expect(await bounds()).toEqual({ x: 40, y: 50, width: 900, height: 640 })
    await again.close()
    const state = { local: { bounds: { x: 9000, y: -4000, width: 9000, height: 10 }, maximized: false } }
    writeFileSync(join(home, 'data', 'windows.json'), JSON.stringify(state))
    const third = await driver.start({ home })
    await readyPage(third)
    const place = await third.evaluate(({ BrowserWindow, screen }) => ({
      bounds: BrowserWindow.getAllWindows()[0]?.getBounds(),
      area: screen.getPrimaryDisplay().workArea,
    }))
    const { x = 0, y = 0, width = 0, height = 0 } = place.bounds ?? {}
    expect(width >= 720 && height >= 480 && x >= place.area.x && y >= place.area.y).toBe(true)
    expect(x + width <= place.area.x + place.area.width && y + height <= place.area.y + place.area.height).toBe(true)
  })

  it('starts the host again when it is killed: the call under way fails clearly, the next is answered', async () => {
    const app = await driver.start()
    const page = await readyPage(app)
    await page.click('#create')
    await page.locator('#bots li').waitFor()
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

  it('loads a page again that has crashed', async () => {
    const app = await driver.start()
    const page = await readyPage(app)
    await page.click('#create')
    await page.locator('#bots li').waitFor()
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer())
    // Playwright gives a crashed page up: main asks the page instead.
    await until('the page shows the row again', () =>
      app.evaluate(async ({ BrowserWindow }) => {
        const asked = BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(
          'document.querySelectorAll("#bots li").length',
        )
        return (await asked?.catch(() => 0)) === 1
      }),
    )
    expect(app.windows().length).toBeLessThanOrEqual(1)
  })
})

/** The process id of the host, as main knows it. */
async function hostPid(app: Application): Promise<number> {
  const forked = app.journal().findLast((entry) => entry.kind === 'host' && entry.event === 'fork')
  if (forked?.kind === 'host') return forked.pid
  return app.evaluate(({ app: electron }) => {
    const host = electron
      .getAppMetrics()
      .find(({ name, serviceName }) => name === 'Steward data' || serviceName === 'Steward data')
    if (!host) throw new Error('There is no host.')
    return host.pid
  })
}

eachDriver('strangers', (driver) => {
  it('get nothing: neither a frame inside our page nor a page elsewhere that has our preload', async () => {
    const app = await driver.start()
    const page = await readyPage(app)
    const ours = await page.evaluate(() => window.stewardShell.connect().then(() => 'port'))
    expect(ours).toBe('port')
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
    const asked = await hostile.evaluate(() =>
      window.stewardShell.connect().then(
        () => 'port',
        (cause: Error) => cause.message,
      ),
    )
    expect(asked).toContain('This page may not ask for that.')
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
    expect(inFrame).toMatch(/This page may not ask for that|no preload in the frame/)
  })

  it('get nothing when a window of ours was led to them', async () => {
    const app = await driver.start()
    await readyPage(app)
    // Main itself leads it there, past every guard; the address is refused by our handler, and is still a page.
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.loadURL('app://elsewhere/'))
    const page = await app.waitForWindow((url) => url === 'app://elsewhere/')
    const asked = await page.evaluate(() =>
      window.stewardShell.connect().then(
        () => 'port',
        (cause: Error) => cause.message,
      ),
    )
    expect(asked).toContain('This page may not ask for that.')
  })

  it('may not use what belongs to the other page: the console sees no connections, the desk gets no port', async () => {
    const app = await driver.start()
    const page = await readyPage(app)
    const refusal = (name: 'listConnections' | 'recovery' | 'connect') => (where: typeof page) =>
      where.evaluate(
        (call) =>
          window.stewardShell[call]().then(
            () => 'answered',
            (cause: Error) => cause.message,
          ),
        name,
      )
    expect(await refusal('listConnections')(page)).toContain('may not ask')
    expect(await refusal('recovery')(page)).toContain('may not ask')
    await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('shell.connections')?.click())
    const desk = await app.waitForWindow((url) => url === 'app://desk/connections')
    await desk.locator('h1', { hasText: 'Connections' }).waitFor()
    expect(await refusal('connect')(desk)).toContain('may not ask')
  })
})
