import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { Application } from '../double/launch.ts'
import { double, eachDriver, freshHome, readyPage, until, urlOf } from './drivers.ts'
import { startServer, type TestServer } from './server.ts'

async function openConnections(app: Application): Promise<Page> {
  await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('shell.connections')?.click())
  const desk = await app.waitForWindow((url) => url === 'app://desk/connections')
  await desk.locator('h1', { hasText: 'Connections' }).waitFor()
  return desk
}

interface Given {
  name?: string
  url: string
  token: string
  remember?: boolean
}

async function add(desk: Page, { name = 'Office', url, token, remember = true }: Given): Promise<void> {
  await desk.fill('#name', name)
  await desk.fill('#url', url)
  await desk.fill('#token', token)
  const box = desk.locator('#remember')
  if (await box.count()) await box.setChecked(remember)
  await desk.getByRole('button', { name: 'Add server' }).click()
}

async function openRemote(app: Application, desk: Page, name = 'Office'): Promise<Page> {
  const before = new Set(app.windows())
  await desk.getByRole('button', { name: `Open ${name}` }).click()
  await until('the window is there', () => app.windows().some((page) => !before.has(page)))
  const page = app.windows().find((one) => !before.has(one))
  if (!page) throw new Error('The window went away.')
  await page.locator('html[data-ready]').waitFor()
  return page
}

/** Every file below a folder that holds a text, plain or merely written in another alphabet. */
function filesWith(folder: string, text: string): string[] {
  const forms = [text, Buffer.from(text).toString('base64'), Buffer.from(text).toString('hex')]
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile() && forms.some((form) => readFileSync(file).includes(form)))
}

const wasAsked = ({ seen }: TestServer, path: string) => seen.filter((one) => one.path.startsWith(path))

eachDriver('a server’s connection', (driver) => {
  it('works like this computer: rows, refusals and errors arrive, and the token stays out of the page', async () => {
    const server = await startServer()
    const home = freshHome()
    const app = await driver.start({ home })
    const local = await readyPage(app)
    await local.click('#create')
    await local.locator('#bots li').waitFor()
    const desk = await openConnections(app)
    await add(desk, server)
    await desk.locator('li', { hasText: 'token in the keyring' }).waitFor()
    const page = await openRemote(app, desk)
    expect(await page.locator('html').getAttribute('data-ready')).toBe('remote')
    expect(await page.locator('#bots li').count()).toBe(0)
    await page.click('#create')
    await page.locator('#said', { hasText: 'Created Bot 1' }).waitFor()
    await page.click('#wrong')
    await until('the refusal arrives whole', async () =>
      /InvalidPayload.*name/.test((await page.textContent('#said')) ?? ''),
    )
    const asked = wasAsked(server, '/trpc/bot.create')[0]?.headers
    expect(asked?.authorization).toBe(`Bearer ${server.token}`)
    expect(asked?.origin ?? asked?.cookie).toBeUndefined()
    await page.evaluate(() =>
      window.steward?.connection.fetch('/trpc/me.get?input=%7B%7D', {
        headers: { authorization: 'Bearer mine', cookie: 'a=b', origin: 'https://evil.example', 'x-strange': '1' },
      }),
    )
    const forged = wasAsked(server, '/trpc/me.get')[0]?.headers
    expect(forged).toMatchObject({ authorization: `Bearer ${server.token}` })
    expect([forged?.cookie, forged?.origin, forged?.['x-strange']]).toEqual([undefined, undefined, undefined])
    const known = await page.evaluate(() =>
      JSON.stringify([window.stewardShell.connection, window.steward?.connection, JSON.stringify(localStorage)]),
    )
    expect(known).toContain(server.url)
    expect(known).not.toContain(server.token)
    expect(await desk.content()).not.toContain(server.token)
    await server.close()
    await page.click('#create')
    await until('the broken way is named', async () =>
      /Office cannot be reached at http:\/\/127/.test((await page.textContent('#said')) ?? ''),
    )
    await local.click('#create')
    await until('this computer goes on', async () => (await local.locator('#bots li').count()) === 2)
  })

  it('keeps its token sealed on the disk, and for the next start', async () => {
    const server = await startServer()
    const home = freshHome()
    const app = await driver.start({ home })
    await readyPage(app)
    await add(await openConnections(app), server)
    await until('the connection is stored', () => filesWith(join(home, 'data'), server.url).length > 0)
    await app.close()
    expect(filesWith(home, server.token)).toEqual([])
    const again = await driver.start({ home })
    await readyPage(again)
    const page = await openRemote(again, await openConnections(again))
    await page.click('#create')
    await page.locator('#said', { hasText: 'Created Bot 1' }).waitFor()
    expect(urlOf(page)).toBe('app://steward/')
  })

  it('refuses an address where the token could be read on its way, and one that is none', async () => {
    const app = await driver.start()
    await readyPage(app)
    const desk = await openConnections(app)
    await add(desk, { url: 'http://steward.example.com', token: 'bp_pat_x' })
    await desk.locator('#said', { hasText: 'must not travel without encryption' }).waitFor()
    await add(desk, { url: 'ftp://steward.example.com', token: 'bp_pat_x' })
    await desk.locator('#said', { hasText: 'must begin with https://' }).waitFor()
    expect(await desk.locator('li').count()).toBe(1)
  })

  it('that is removed closes its windows', async () => {
    const server = await startServer()
    const app = await driver.start()
    await readyPage(app)
    const desk = await openConnections(app)
    await add(desk, server)
    await openRemote(app, desk)
    await desk.getByRole('button', { name: 'Remove Office' }).click()
    await desk.locator('#said', { hasText: 'Office was removed.' }).waitFor()
    await until('the window is closed', () => app.windows().length === 2)
    expect(await desk.locator('li').count()).toBe(1)
  })
})

it('says plainly where there is no keyring, and keeps the token for one run only unless told otherwise', async () => {
  const server = await startServer()
  const home = freshHome()
  const app = await double.start({ home, keyring: 'basic_text' })
  await readyPage(app)
  const desk = await openConnections(app)
  await desk.locator('#protection', { hasText: 'any program you run can read' }).waitFor()
  expect(await desk.isChecked('#remember')).toBe(false)
  await add(desk, { ...server, remember: false })
  await desk.locator('li', { hasText: 'token for this run only' }).waitFor()
  const page = await openRemote(app, desk)
  await page.click('#create')
  await page.locator('#said', { hasText: 'Created Bot 1' }).waitFor()
  await app.close()
  expect(filesWith(home, server.token)).toEqual([])
  const again = await double.start({ home, keyring: 'basic_text' })
  await readyPage(again)
  const later = await openRemote(again, await openConnections(again))
  await later.locator('#said', { hasText: 'kept for one run only' }).waitFor()
})

it('does not offer to keep a token where nothing can keep one', async () => {
  const app = await double.start({ keyring: 'none' })
  await readyPage(app)
  const desk = await openConnections(app)
  await desk.locator('#protection', { hasText: 'cannot keep a token' }).waitFor()
  expect(await desk.locator('#remember').count()).toBe(0)
})
