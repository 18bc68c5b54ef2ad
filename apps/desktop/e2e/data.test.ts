import Database from 'better-sqlite3'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Application } from '../double/launch.ts'
import { eachDriver, freshHome, readyPage, until, type Driver } from './drivers.ts'

const dataOf = (home: string): string => join(home, 'data', 'data')

/** Runs the app once, so that there is data with one bot in it. */
async function withData(driver: Driver): Promise<string> {
  const home = freshHome()
  const app = await driver.start({ home })
  const page = await readyPage(app)
  await page.click('#create')
  await page.locator('#bots li').waitFor()
  await app.close()
  return home
}

/** Says beforehand what the person answers to dialogs; what was asked is kept. */
async function scriptDialogs(
  app: Application,
  answers: { save?: string; open?: string; button?: number },
): Promise<void> {
  await app.evaluate(({ dialog }, given) => {
    const asked: string[] = []
    Object.assign(globalThis, { asked })
    const words = (args: unknown[]): string => (args.at(-1) as { message?: string; title?: string }).message ?? ''
    Object.assign(dialog, {
      showSaveDialog: async () => ({ canceled: given.save === undefined, filePath: given.save ?? '' }),
      showOpenDialog: async () => ({
        canceled: given.open === undefined,
        filePaths: given.open === undefined ? [] : [given.open],
      }),
      showMessageBox: async (...args: unknown[]) => {
        asked.push(words(args))
        return { response: given.button ?? 0, checkboxChecked: false }
      },
    })
  }, answers)
}

const askedOf = (app: Application): Promise<string[]> =>
  app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked)

eachDriver('backup and restore', (driver) => {
  it('copy the data while it is used, and bring it back with its key; the data from before is kept', async () => {
    const home = freshHome()
    const app = await driver.start({ home })
    const page = await readyPage(app)
    await page.click('#create')
    await page.locator('#bots li').waitFor()
    const target = join(home, 'Backup of mine')
    await scriptDialogs(app, { save: target, open: target, button: 0 })
    const saved = await page.evaluate(() => window.stewardShell.backUp())
    expect(saved?.text).toMatch(/^Backed up to Backup of mine\./)
    expect(readdirSync(target).toSorted()).toEqual(expect.arrayContaining(['secret.key', 'steward.db', 'telemetry.db']))
    expect(statSync(join(target, 'secret.key')).mode & 0o077).toBe(0)
    await page.click('#create')
    await until('there are two bots', async () => (await page.locator('#bots li').count()) === 2)
    const restored = page.evaluate(() => window.stewardShell.restore()).catch(() => null)
    await until('the page shows the one bot of the backup', async () => {
      const [shown] = app.windows()
      return (
        (await shown
          ?.locator('#bots li')
          .count()
          .catch(() => 0)) === 1
      )
    })
    await restored
    expect(await askedOf(app)).toEqual(['Replace this computer’s data with “Backup of mine”?'])
    expect(readdirSync(dataOf(home)).some((name) => name.startsWith('before-restore-'))).toBe(true)
    expect(readFileSync(join(dataOf(home), 'secret.key'))).toEqual(readFileSync(join(target, 'secret.key')))
  })

  it('change nothing when the person cancels, and refuse a folder that is no backup', async () => {
    const home = freshHome()
    const app = await driver.start({ home })
    const page = await readyPage(app)
    await page.click('#create')
    await page.locator('#bots li').waitFor()
    await scriptDialogs(app, {})
    expect(await page.evaluate(() => window.stewardShell.backUp())).toBeNull()
    expect(await page.evaluate(() => window.stewardShell.restore())).toBeNull()
    const empty = join(home, 'empty')
    mkdirSync(empty)
    await scriptDialogs(app, { open: empty, button: 0 })
    await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('shell.restore')?.click())
    await until('the failure is shown', async () => (await askedOf(app)).some((text) => text.includes('no steward.db')))
    await until('the bot is still there', async () => {
      const [shown] = app.windows()
      return (
        (await shown
          ?.locator('#bots li')
          .count()
          .catch(() => 0)) === 1
      )
    })
  })
})

eachDriver('the recovery window', (driver) => {
  it('refuses a newer database unchanged, and restores what was kept before an update', async () => {
    const home = await withData(driver)
    const data = dataOf(home)
    mkdirSync(join(data, 'backups'), { recursive: true })
    const kept = 'main-before-migration-2026-01-01T000000.000Z.db'
    const database = new Database(join(data, 'steward.db'))
    database.prepare('vacuum into ?').run(join(data, 'backups', kept))
    database.prepare("insert into schema_migration values ('9999_future', '2030-01-01T00:00:00.000Z')").run()
    database.close()
    const app = await driver.start({ home })
    const desk = await app.waitForWindow((url) => url === 'app://desk/recovery')
    await desk.locator('h1', { hasText: 'newer version' }).waitFor()
    expect(await desk.textContent('#reason')).toContain('9999_future')
    await until('its windows gave way', () => app.windows().length === 1)
    await desk.locator('li', { hasText: kept }).getByRole('button', { name: 'Restore' }).click()
    const page = await readyPage(app)
    await page.locator('#bots li', { hasText: 'Bot 1' }).waitFor()
    await until('the recovery window closed', () => app.windows().length === 1)
    const aside = readdirSync(data).find((name) => name.startsWith('before-restore-')) ?? ''
    const old = new Database(join(data, aside, 'steward.db'), { readonly: true })
    expect(old.prepare("select count(*) as n from schema_migration where name = '9999_future'").get()).toEqual({ n: 1 })
    old.close()
  })

  it('says so when the data is damaged, and tries again when asked', async () => {
    const home = await withData(driver)
    const file = join(dataOf(home), 'steward.db')
    const sound = readFileSync(file)
    writeFileSync(file, Buffer.concat([Buffer.from('this is no database'.repeat(60)), sound.subarray(1140)]))
    const broken = readFileSync(file)
    const app = await driver.start({ home })
    const desk = await app.waitForWindow((url) => url === 'app://desk/recovery')
    await desk.locator('h1', { hasText: 'damaged' }).waitFor()
    expect(readFileSync(file).equals(broken)).toBe(true)
    writeFileSync(file, sound)
    await desk.getByRole('button', { name: 'Try again' }).click()
    await (await readyPage(app)).locator('#bots li', { hasText: 'Bot 1' }).waitFor()
  })

  it('does not make a new key for data that was sealed with another', async () => {
    const home = await withData(driver)
    const key = join(dataOf(home), 'secret.key')
    writeFileSync(key, 'short')
    const app = await driver.start({ home })
    const desk = await app.waitForWindow((url) => url === 'app://desk/recovery')
    await desk.locator('h1', { hasText: 'key' }).waitFor()
    expect(readFileSync(key, 'utf8')).toBe('short')
    expect(existsSync(`${key}.before`)).toBe(false)
  })

  it.skipIf(driver.name === 'electron')('appears when the host crashes again and again', async () => {
    const app = await driver.start()
    await readyPage(app)
    let killed = 0
    await until('the recovery window is there', () => {
      const forks = app
        .journal()
        .flatMap((entry) => (entry.kind === 'host' && entry.event === 'fork' ? [entry.pid] : []))
      if (forks.length > killed) process.kill(forks.at(-1) ?? 0, 'SIGKILL')
      killed = forks.length
      return app.windows().some((page) => page.url().endsWith('/recovery'))
    })
    expect(killed).toBe(6)
    const desk = await app.waitForWindow((url) => url === 'app://desk/recovery')
    await desk.locator('h1', { hasText: 'does not stay up' }).waitFor()
    await desk.getByRole('button', { name: 'Try again' }).click()
    await readyPage(app)
  })
})
