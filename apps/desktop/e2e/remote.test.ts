import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import type { Application } from '@steward/electron-double'
import { add, openConnections, openRemote } from './connections.ts'
import { eachDriver, freshHome, readyPage, until, urlOf } from './drivers.ts'
import { startServer, type TestServer } from './server.ts'
import { followChanges, toldTo } from './stream.ts'

/** Every file below a folder that holds a text, plain or merely written in another alphabet. */
function filesWith(folder: string, text: string): string[] {
  const forms = [text, Buffer.from(text).toString('base64'), Buffer.from(text).toString('hex')]
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile() && forms.some((form) => readFileSync(file).includes(form)))
}

const wasAsked = ({ seen }: TestServer, path: string) => seen.filter((one) => one.path.startsWith(path))

eachDriver('a server’s connection', (driver) => {
  let server: TestServer
  let home: string
  let app: Application
  let local: Page
  let launcher: Page
  beforeAll(async () => {
    server = await startServer()
    home = freshHome()
    app = await driver.start({ home })
    local = await readyPage(app)
    launcher = await openConnections(app)
  })

  it('refuses an address where the token could be read on its way, and one that is none', async () => {
    await add(launcher, { url: 'http://steward.example.com', token: 'bp_pat_x' })
    await launcher.locator('#said', { hasText: 'must not be sent without encryption' }).waitFor()
    await add(launcher, { url: 'ftp://steward.example.com', token: 'bp_pat_x' })
    await launcher.locator('#said', { hasText: 'must start with https://' }).waitFor()
    expect(await launcher.locator('li').count()).toBe(1)
  })

  it('works like this computer: rows, refusals and errors arrive, and the token stays out of the page', async () => {
    await add(launcher, { ...server, name: 'Works' })
    await launcher.locator('li', { hasText: 'token in the keyring' }).waitFor()
    const page = await openRemote(app, launcher, 'Works')
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
    expect(await launcher.content()).not.toContain(server.token)
  })

  it('follows what changes there as it happens', async () => {
    await add(launcher, { ...server, name: 'Followed' })
    const page = await openRemote(app, launcher, 'Followed')
    await followChanges(page)
    await until('it has begun', async () => (await toldTo(page)).length > 0)
    await page.click('#create')
    await until('it is told', async () => (await toldTo(page)).length > 1)
    expect((await toldTo(page))[1]?.changes).toContainEqual(expect.objectContaining({ type: 'bot', deleted: false }))
  })

  it('names the way that is broken, while this computer goes on', async () => {
    const broken = await startServer()
    await add(launcher, { ...broken, name: 'Broken' })
    const page = await openRemote(app, launcher, 'Broken')
    await broken.close()
    await page.click('#create')
    await until('the broken way is named', async () =>
      /Broken cannot be reached at http:\/\/127/.test((await page.textContent('#said')) ?? ''),
    )
    await local.click('#create')
    await local.locator('#bots li').waitFor()
    expect(await local.textContent('#said')).toBe('Created Bot 1')
  })

  it('that is removed closes its windows', async () => {
    await add(launcher, { ...server, name: 'Gone' })
    const page = await openRemote(app, launcher, 'Gone')
    await launcher.getByRole('button', { name: 'Remove Gone' }).click()
    await launcher.locator('#said', { hasText: 'Gone was removed.' }).waitFor()
    await until('the window is closed', () => page.isClosed())
    expect(await launcher.locator('li', { hasText: 'Gone' }).count()).toBe(0)
  })

  it('keeps its token sealed on the disk and for the next start, and seals it anew when the system asks', async () => {
    await add(launcher, { ...server, name: 'Fleeting', remember: false })
    await launcher.locator('li', { hasText: 'token until Steward quits' }).waitFor()
    await add(launcher, server)
    await launcher.locator('li', { hasText: 'Office' }).waitFor()
    expect(filesWith(join(home, 'data'), server.url)).not.toEqual([])
    await app.close()
    expect(filesWith(home, server.token)).toEqual([])
    const sealed = (): string => readFileSync(join(home, 'data', 'connections.json'), 'utf8')
    const before = sealed()
    const again = await driver.start({ home })
    await readyPage(again)
    await again.evaluate(({ safeStorage }) => {
      const decrypt = safeStorage.decryptStringAsync.bind(safeStorage)
      // As after a change of the keyring's key.
      Object.assign(safeStorage, {
        decryptStringAsync: async (text: Buffer) => ({ ...(await decrypt(text)), shouldReEncrypt: true }),
      })
    })
    const page = await openRemote(again, await openConnections(again))
    await page.click('#create')
    await page.locator('#said', { hasText: 'Created Bot 1' }).waitFor()
    expect(urlOf(page)).toBe('app://steward/')
    const fleeting = await openRemote(again, await openConnections(again), 'Fleeting')
    await fleeting.locator('#said', { hasText: 'was not saved' }).waitFor()
    expect(sealed()).not.toBe(before)
    expect(filesWith(home, server.token)).toEqual([])
    // As on another computer, or with a new keyring.
    const file = join(home, 'data', 'connections.json')
    writeFileSync(file, sealed().replaceAll(/"token":"[^"]+"/g, '"token":"djEwbm9uZSBvZiBvdXJz"'))
    const closed = await openRemote(again, await openConnections(again))
    expect(await closed.textContent('#said')).toBe(
      'The token for Office can no longer be read. Add the connection again.',
    )
  })
})

// What is a keyring differs by system; a missing one is Linux's.
eachDriver('without a keyring', (driver) => {
  it.runIf(process.platform === 'linux')(
    'says plainly that any program can read a saved token, and keeps it for one run only unless told otherwise',
    async () => {
      const server = await startServer()
      const home = freshHome()
      const app = await driver.start({ home, keyring: 'basic_text' })
      await readyPage(app)
      const launcher = await openConnections(app)
      await launcher.locator('#protection', { hasText: 'any program you run can read' }).waitFor()
      expect(await launcher.isChecked('#remember')).toBe(false)
      await add(launcher, { ...server, remember: false })
      await launcher.locator('li', { hasText: 'token until Steward quits' }).waitFor()
      const page = await openRemote(app, launcher)
      await page.click('#create')
      await page.locator('#said', { hasText: 'Created Bot 1' }).waitFor()
      await add(launcher, { ...server, name: 'Accepted', remember: true })
      await launcher.locator('li', { hasText: 'token saved without protection' }).waitFor()
      await launcher.getByRole('button', { name: 'Remove Accepted' }).click()
      await launcher.locator('#said', { hasText: 'Accepted was removed.' }).waitFor()
      expect(filesWith(home, server.token)).toEqual([])
      // Where nothing can be sealed at all, keeping is not even offered.
      await app.evaluate(({ safeStorage }) => {
        Object.assign(safeStorage, { isAsyncEncryptionAvailable: async () => false })
      })
      await launcher.reload()
      await launcher.locator('#protection', { hasText: 'cannot save a token' }).waitFor()
      expect(await launcher.locator('#remember').count()).toBe(0)
    },
  )
})
