import Database from 'better-sqlite3'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import type { Application } from '@steward/electron-double'
import { acceleratorOf } from '../src/main/accelerator.ts'
import { clickMenu, eachDriver, freshHome, readyPage, until, urlOf } from './drivers.ts'
import { built } from './paths.ts'

eachDriver('a page', (driver) => {
  let home: string
  let app: Application
  let page: Page
  const problems: string[] = []
  beforeAll(async () => {
    home = freshHome()
    app = await driver.start({ home, denyNetwork: true })
    page = await readyPage(app)
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
  })

  it('takes a click through preload, port and host to a row on the disk, and back', async () => {
    await page.click('#create')
    await page.locator('#bots li', { hasText: 'Bot 1' }).waitFor()
    expect(await page.textContent('#said')).toBe('Created Bot 1')
    const database = new Database(join(home, 'data', 'data', 'steward.db'), { readonly: true })
    expect(database.prepare('select name from bot').all()).toEqual([{ name: 'Bot 1' }])
    expect(database.prepare('select count(*) as people, min(claimed) as claimed from user').get()).toEqual({
      people: 1,
      claimed: 1,
    })
    database.close()
  })

  it('shows what the schema refuses', async () => {
    await page.click('#wrong')
    const said = page.locator('#said', { hasText: 'InvalidPayload' })
    await said.waitFor()
    expect(await said.textContent()).toContain('name')
  })

  it('has no more rights than one in a browser', async () => {
    const found = await page.evaluate(() => ({
      node: ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer', '__dirname'].filter(
        (name) => name in window,
      ),
      bridge: Object.keys(window.stewardShell).toSorted(),
      frozen: [Object.isFrozen(window.stewardShell), Object.isFrozen(window.stewardShell.connection)],
      replaced: Reflect.set(window, 'stewardShell', null) || Reflect.set(window.stewardShell, 'connect', null),
    }))
    expect(found).toEqual({
      node: [],
      bridge: [
        'addConnection',
        'backUp',
        'connect',
        'connection',
        'listConnections',
        'openConnection',
        'recover',
        'recovery',
        'removeConnection',
        'restore',
      ],
      frozen: [true, true],
      replaced: false,
    })
    const posture = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) =>
        // Electron has it and does not document it.
        (window.webContents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences(),
      ),
    )
    for (const one of posture)
      expect(one).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        webSecurity: true,
        nodeIntegrationInSubFrames: false,
      })
  })

  it('may do what a page needs for "copy", and is refused every other right', async () => {
    const states = await page.evaluate(async () => {
      const names = [
        'geolocation',
        'notifications',
        'camera',
        'microphone',
        'midi',
        'clipboard-read',
        'clipboard-write',
      ]
      const asked = names.map(async (name) => {
        const { state } = await navigator.permissions.query({ name: name as PermissionName })
        return [name, state] as const
      })
      return Object.fromEntries(await Promise.all(asked))
    })
    expect(states).toEqual({
      geolocation: 'denied',
      notifications: 'denied',
      camera: 'denied',
      microphone: 'denied',
      midi: 'denied',
      'clipboard-read': 'denied',
      'clipboard-write': 'granted',
    })
  })

  it('leaves what the browser keeps apart from the data', async () => {
    const [session, user] = await app.evaluate(({ app: shell }) => [
      shell.getPath('sessionData'),
      shell.getPath('userData'),
    ])
    expect(user).toBe(join(home, 'data'))
    expect(session).toBe(join(home, 'data', 'session'))
    expect(readdirSync(join(home, 'data', 'data'))).toEqual(expect.arrayContaining(['steward.db', 'secret.key']))
  })

  it('gets its port by a window message, never through the bridge', async () => {
    // A port that crosses the bridge arrives as an empty object; then the functions below would hold one.
    const crossed = await page.evaluate(async () => {
      const got: unknown[] = []
      const message = new Promise<boolean>((resolve) => {
        window.addEventListener('message', (event) => resolve(event.ports[0] instanceof MessagePort))
      })
      got.push(await window.stewardShell.connect())
      const kinds = Object.values(window.stewardShell).map((value) => typeof value)
      return {
        got,
        arrived: await message,
        kinds: [...new Set(kinds)].toSorted(),
        connection: window.stewardShell.connection,
      }
    })
    expect(crossed).toEqual({
      got: [undefined],
      arrived: true,
      kinds: ['function', 'object'],
      connection: { kind: 'local', name: 'This computer', url: null },
    })
  })

  it('runs no inline script and no eval, and fetches nothing from elsewhere', async () => {
    const result = await page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'window.inlineRan = true'
      document.head.append(script)
      // Evaluating over the debugging protocol lifts the ban on eval while it runs: a timer's turn is honest.
      const evaluated = await new Promise((resolve) => {
        setTimeout(() => {
          try {
            // oxlint-disable-next-line no-eval
            resolve((0, eval)('1 + 1'))
          } catch (cause) {
            resolve((cause as Error).name)
          }
        }, 0)
      })
      const outside = await fetch('https://example.com/').then(
        () => 'fetched',
        (cause: Error) => cause.name,
      )
      const image = await new Promise((resolve) => {
        const element = new Image()
        element.addEventListener('load', () => resolve('loaded'))
        element.addEventListener('error', () => resolve('refused'))
        element.src = 'https://example.com/pixel.png'
      })
      return { inline: 'inlineRan' in window, evaluated, outside, image }
    })
    expect(result).toEqual({ inline: false, evaluated: 'EvalError', outside: 'TypeError', image: 'refused' })
    expect(app.journal().filter(({ kind }) => kind === 'refused' || kind === 'network')).toEqual([])
  })

  it('gets its document for every route, under the strict policy, and nothing outside its folder', async () => {
    const seen = await page.evaluate(async () => {
      const ask = async (path: string) => {
        const response = await fetch(path)
        const text = await response.text()
        return {
          status: response.status,
          policy: response.headers.get('content-security-policy'),
          document: text.includes('<h1>Seam</h1>'),
        }
      }
      return {
        route: await ask('/w/some/bots'),
        missing: await ask('/none.js'),
        encoded: await ask('/%2e%2e%2f%2e%2e%2fmain/index.js'),
        slashes: await ask('/..%2fmain%2fcommands.json'),
        backslash: await ask('/..%5cmain%5cindex.js'),
        broken: await ask('/%'),
      }
    })
    expect(seen.route).toMatchObject({ status: 200, document: true })
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ])
      expect(seen.route.policy).toContain(rule)
    expect(seen.route.policy).not.toContain('unsafe')
    expect(seen.missing.status).toBe(404)
    for (const refused of [seen.encoded, seen.slashes, seen.backslash, seen.broken]) expect(refused.status).toBe(400)
  })

  it('opens what leads elsewhere in the browser, https only, and stays where it is', async () => {
    await app.evaluate(({ shell }) => {
      const opened: string[] = []
      Object.assign(globalThis, { opened })
      shell.openExternal = async (url) => void opened.push(url)
    })
    const windows = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
    const click = (href: string, target: string) =>
      page.evaluate(
        ([to, where]) => {
          const link = Object.assign(document.createElement('a'), { href: to, target: where, textContent: to })
          document.body.append(link)
          link.click()
        },
        [href, target],
      )
    await click('https://example.com/blank', '_blank')
    await page.evaluate(() => void window.open('https://example.com/opened'))
    await click('https://example.com/here', '')
    await click('http://example.com/plain', '')
    await click('file:///etc/passwd', '_blank')
    const opened = () => app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
    await until('three links were handed to the browser', async () => (await opened()).length >= 3)
    await page.waitForTimeout(200)
    expect((await opened()).toSorted()).toEqual([
      'https://example.com/blank',
      'https://example.com/here',
      'https://example.com/opened',
    ])
    expect(urlOf(page)).toBe('app://steward/')
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(windows)
    expect(app.journal().filter(({ kind }) => kind === 'refused')).toEqual([])
  })

  it('is kept by guards that no redirect and no frame gets around', async () => {
    const kept = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      const isStopped = (event: string, url: string, isMainFrame = true): boolean => {
        const navigation = {
          url,
          isMainFrame,
          isSameDocument: false,
          defaultPrevented: false,
          preventDefault: () => {},
        }
        navigation.preventDefault = () => void (navigation.defaultPrevented = true)
        contents?.emit(event, navigation)
        return navigation.defaultPrevented
      }
      return {
        within: isStopped('will-navigate', 'app://steward/w/x'),
        toLauncher: isStopped('will-navigate', 'app://launcher/connections'),
        lookAlike: isStopped('will-navigate', 'app://steward.evil.example/'),
        redirect: isStopped('will-redirect', 'http://evil.example/app://steward/'),
        redirectWithin: isStopped('will-redirect', 'app://steward/'),
        frame: isStopped('will-frame-navigate', 'app://steward/', false),
        mainFrame: isStopped('will-frame-navigate', 'app://steward/'),
      }
    })
    expect(kept).toEqual({
      within: false,
      toLauncher: true,
      lookAlike: true,
      redirect: true,
      redirectWithin: false,
      frame: true,
      mainFrame: false,
    })
  })

  it('shares one table of commands with the menu', async () => {
    const file = join(built.fixture, 'main', 'commands.json')
    const commands = JSON.parse(readFileSync(file, 'utf8')) as { id: string; title: string; keys: string }[]
    expect(commands.length).toBeGreaterThan(8)
    const items = await app.evaluate(
      ({ Menu }, ids) =>
        ids.map((id) => {
          const item = Menu.getApplicationMenu()?.getMenuItemById(id)
          return { id, title: item?.label, accelerator: item?.accelerator ?? null }
        }),
      commands.map(({ id }) => id),
    )
    expect(items).toEqual(commands.map(({ id, title, keys }) => ({ id, title, accelerator: acceleratorOf(keys) })))
  })

  it('is told what the menu was clicked for', async () => {
    await clickMenu(app, 'go.bots')
    await page.locator('#commands:not(:empty)').waitFor()
    expect(await page.textContent('#commands')).toBe('go.bots ')
  })

  it('reads again after a reload, and beside a second window', async () => {
    await page.reload()
    await page.locator('#bots li', { hasText: 'Bot 1' }).waitFor()
    const before = app.windows().length
    await clickMenu(app, 'shell.new-window')
    await until('the second window is there', () => app.windows().length === before + 1)
    const second = app.windows().find((one) => one !== page)
    await second?.locator('#bots li', { hasText: 'Bot 1' }).waitFor()
    await second?.click('#create')
    await second?.locator('#said', { hasText: 'Created Bot 1' }).waitFor()
    await page.click('#create')
    await page.locator('#bots li').nth(2).waitFor()
    expect(await page.locator('#bots li').count()).toBe(3)
  })

  it('met no error that nobody looked for, and no network', async () => {
    const expected =
      /Content Security Policy|Failed to load resource|Refused|violates|Not allowed to load local resource/
    expect(problems.filter((text) => !expected.test(text))).toEqual([])
    expect(app.journal().filter(({ kind }) => kind === 'network' || kind === 'preload-failed')).toEqual([])
  })
})
