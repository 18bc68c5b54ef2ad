import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import type { Application, Ended } from '@steward/electron-double'
import { clickMenu, eachDriver, freshHome, hostPid, isRunning, readyPage, until, urlOf } from './drivers.ts'

const where = { x: 40, y: 50, width: 900, height: 640 }

eachDriver('the app’s first run', (driver) => {
  let home: string
  let app: Application
  let page: Page
  beforeAll(async () => {
    home = freshHome()
    app = await driver.start({
      home,
      args: ['steward://w/wkspace_2/members?role=owner'],
      env: { NODE_OPTIONS: '--no-warnings', STEWARD_SECRET: 'of a server', STEWARD_DOUBLE_PACKAGED: 'yes' },
    })
    page = await readyPage(app)
  })

  it('begins at the page that a link names', () => {
    expect(urlOf(page)).toBe('app://steward/w/wkspace_2/members?role=owner')
  })

  it.skipIf(driver.name === 'electron')('claims its links where it is installed', async () => {
    expect(await app.evaluate(({ app: shell }) => shell.isDefaultProtocolClient('steward'))).toBe(true)
  })

  it('gives the process that holds the data nothing that would steer it', async () => {
    const environment = `/proc/${await hostPid(app)}/environ`
    if (!existsSync(environment)) return
    const names = readFileSync(environment, 'utf8')
      .split('\0')
      .map((line) => line.split('=')[0])
    expect(names).toContain('PATH')
    expect(names.filter((name) => name === 'NODE_OPTIONS' || name === 'STEWARD_SECRET')).toEqual([])
  })

  it('hands a second start and its link over to the first', async () => {
    const second = await driver.start({ home, args: ['steward://w/wkspace_1/bots'] }).catch((cause: unknown) => cause)
    if (driver.name === 'double') expect(second).toMatchObject({ code: 0 } satisfies Partial<Ended>)
    await page.locator('#path', { hasText: '/w/wkspace_1/bots' }).waitFor()
    expect(urlOf(page)).toBe('app://steward/w/wkspace_1/bots')
    expect(app.windows().length).toBe(1)
  })

  it('follows a link as macOS hands it over', async () => {
    await app.evaluate(({ app: shell }) => {
      shell.emit('open-url', { preventDefault: () => {} }, 'steward://w/wkspace_3/audit')
    })
    await page.locator('#path', { hasText: '/w/wkspace_3/audit' }).waitFor()
    expect(urlOf(page)).toBe('app://steward/w/wkspace_3/audit')
  })

  it('ends in order when its last window closes: the host folds its log into the database and exits with 0', async () => {
    await page.click('#create')
    await page.locator('#bots li').waitFor()
    await app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), where)
    const data = join(home, 'data', 'data')
    expect(existsSync(join(data, 'steward.db-wal'))).toBe(true)
    const host = await hostPid(app)
    const ended = new Promise<number | null>((resolve) => void app.process().once('exit', (code) => resolve(code)))
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().forEach((window) => window.close()))
    expect(await ended).toBe(0)
    expect(isRunning(host)).toBe(false)
    // A host that merely dies with its parent leaves its write-ahead log behind.
    expect(readdirSync(data).filter((name) => name.endsWith('-wal'))).toEqual([])
    if (driver.name === 'double')
      expect(app.journal().filter(({ kind }) => kind === 'host')).toMatchObject([
        { event: 'fork' },
        { event: 'exit', code: 0 },
      ])
  })
})

eachDriver('the app’s next run', (driver) => {
  let home: string
  let app: Application
  let page: Page
  beforeAll(async () => {
    home = freshHome()
    mkdirSync(join(home, 'data'), { recursive: true })
    const lost = { bounds: { x: 9000, y: -4000, width: 9000, height: 10 }, maximized: false }
    const states = { local: { bounds: where, maximized: false }, 'launcher/connections': lost }
    writeFileSync(join(home, 'data', 'windows.json'), JSON.stringify(states))
    app = await driver.start({ home, openUrl: 'steward://w/wkspace_4/bots' })
    page = await readyPage(app)
  })

  it('claims no links where it is not', async () => {
    expect(await app.evaluate(({ app: shell }) => shell.isDefaultProtocolClient('steward'))).toBe(false)
  })

  it.skipIf(driver.name === 'electron')('begins at a link that came before the app was ready', () => {
    expect(urlOf(page)).toBe('app://steward/w/wkspace_4/bots')
  })

  it('remembers where its window was, and not a place nobody can see', async () => {
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(where)
    await clickMenu(app, 'shell.connections')
    const launcher = await app.waitForWindow((url) => url === 'app://launcher/connections')
    await launcher.locator('h1', { hasText: 'Connections' }).waitFor()
    const { bounds, area } = await app.evaluate(({ BrowserWindow, screen }) => ({
      bounds: BrowserWindow.getAllWindows()
        .find((window) => window.webContents.getURL().startsWith('app://launcher/'))
        ?.getBounds(),
      area: screen.getPrimaryDisplay().workArea,
    }))
    const { x = 0, y = 0, width = 0, height = 0 } = bounds ?? {}
    expect(width >= 720 && height >= 480 && x >= area.x && y >= area.y).toBe(true)
    expect(x + width <= area.x + area.width && y + height <= area.y + area.height).toBe(true)
  })

  it('remembers being maximised apart from the place', async () => {
    const stateOf = (): unknown => {
      const all = JSON.parse(readFileSync(join(home, 'data', 'windows.json'), 'utf8')) as { local: unknown }
      return all.local
    }
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.webContents.getURL().startsWith('app://steward/'))
        ?.maximize(),
    )
    // Written a moment later, while the window is still open.
    await until('it is written down', () => JSON.stringify(stateOf()).includes('"maximized":true'))
    expect(stateOf()).toEqual({ bounds: where, maximized: true })
    const before = app.windows().length
    await clickMenu(app, 'shell.new-window')
    await until('the second window is there', () => app.windows().length === before + 1)
    const seen = () =>
      app.evaluate(({ BrowserWindow }) => {
        const second = BrowserWindow.getAllWindows().toSorted((one, other) => other.id - one.id)[0]
        return { maximized: second?.isMaximized(), normal: second?.getNormalBounds() }
      })
    await until('it is maximised too', async () => (await seen()).maximized === true)
    expect((await seen()).normal).toEqual(where)
  })
})
