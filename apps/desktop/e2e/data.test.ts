import { openStores } from '@steward/db'
import Database from 'better-sqlite3'
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import type { Application } from '@steward/electron-double'
import { askedOf, atEnd, clickMenu, eachDriver, freshHome, readyPage, scriptDialogs, until } from './drivers.ts'
import { built } from './paths.ts'

const dataOf = (home: string): string => join(home, 'data', 'data')

/** How many bots the one console window shows; it may be loading just now. */
async function shownBots(app: Application): Promise<number> {
  const [shown] = app.windows()
  return (
    (await shown
      ?.locator('#bots li')
      .count()
      .catch(() => 0)) ?? 0
  )
}

eachDriver('backup and restore', (driver) => {
  let home: string
  let app: Application
  beforeAll(async () => {
    home = freshHome()
    app = await driver.start({ home })
    const page = await readyPage(app)
    await page.click('#create')
    await page.locator('#bots li').waitFor()
  })

  it('change nothing when the person cancels, and refuse a folder that is no backup', async () => {
    const page = await readyPage(app)
    await scriptDialogs(app, {})
    expect(await page.evaluate(() => window.stewardShell.backUp())).toBeNull()
    expect(await page.evaluate(() => window.stewardShell.restore())).toBeNull()
    const empty = join(home, 'empty')
    mkdirSync(empty)
    await scriptDialogs(app, { open: empty, button: 0 })
    await clickMenu(app, 'shell.restore')
    await until('the failure is shown', async () => (await askedOf(app)).some((text) => text.includes('no steward.db')))
    await until('the bot is still there', async () => (await shownBots(app)) === 1)
  })

  it('copy the data while it is used, and bring it back with its key; the data from before is kept', async () => {
    const page = await readyPage(app)
    const target = join(home, 'Backup of mine')
    await scriptDialogs(app, { save: target, open: target, button: 0 })
    const saved = await page.evaluate(() => window.stewardShell.backUp())
    expect(saved?.text).toMatch(/^Backed up to Backup of mine\./)
    expect(readdirSync(target).toSorted()).toEqual(expect.arrayContaining(['secret.key', 'steward.db', 'telemetry.db']))
    expect(statSync(join(target, 'secret.key')).mode & 0o077).toBe(0)
    await page.click('#create')
    await until('there are two bots', async () => (await page.locator('#bots li').count()) === 2)
    const restored = page.evaluate(() => window.stewardShell.restore()).catch(() => null)
    await until('the page shows the one bot of the backup', async () => (await shownBots(app)) === 1)
    await restored
    expect(await askedOf(app)).toEqual(['Replace this computer’s data with “Backup of mine”?'])
    expect(readdirSync(dataOf(home)).some((name) => name.startsWith('before-restore-'))).toBe(true)
    expect(readFileSync(join(dataOf(home), 'secret.key'))).toEqual(readFileSync(join(target, 'secret.key')))
  })

  it('share the folder with another program of Steward, but put nothing in its place under its feet', async () => {
    const stores = await openStores({ folder: dataOf(home) })
    try {
      await stores.main.write((tx) => tx.updateTable('bot').set({ name: 'Renamed elsewhere' }).execute())
      const page = await readyPage(app)
      await page.reload()
      await page.locator('#bots li', { hasText: 'Renamed elsewhere' }).waitFor()
      await page.click('#create')
      await until('this one writes too', async () => (await shownBots(app)) === 2)
      await scriptDialogs(app, { open: join(home, 'Backup of mine'), button: 0 })
      await clickMenu(app, 'shell.restore')
      await until('it is refused', async () =>
        (await askedOf(app)).some((text) => /is in use\. Stop Steward/.test(text)),
      )
      await until('all is as it was', async () => (await shownBots(app)) === 2)
      expect(readdirSync(dataOf(home)).filter((name) => name.endsWith('.incoming'))).toEqual([])
    } finally {
      await stores.close()
    }
  })
})

/** The app as a later version will be: with one more step of the schema, which fails while there is a file `fail`. */
function laterVersion(): string {
  const dist = `${built.fixture}-later`
  cpSync(built.fixture, dist, { recursive: true })
  atEnd(() => rmSync(dist, { recursive: true, force: true }))
  const host = join(dist, 'host')
  const step = `{ name: "9999_later", async up() {
    const { existsSync } = await import("node:fs");
    if (existsSync(process.argv[process.argv.indexOf("--data") + 1] + "/fail")) throw new Error("This step fails.");
  } }`
  const changed = readdirSync(host).filter((name) => {
    const text = readFileSync(join(host, name), 'utf8')
    const later = text.replace(/^(?=(?:var|const) telemetryMigrations = )/m, () => `mainMigrations.push(${step});\n`)
    if (later !== text) writeFileSync(join(host, name), later)
    return later !== text
  })
  if (changed.length !== 1) throw new Error('The built host no longer spells its migrations as it did.')
  return dist
}

eachDriver('the recovery window', (driver) => {
  let made: string
  beforeAll(async () => {
    const home = freshHome()
    const app = await driver.start({ home })
    const page = await readyPage(app)
    await page.click('#create')
    await page.locator('#bots li').waitFor()
    await app.close()
    made = dataOf(home)
  })
  const withData = (): string => {
    const home = freshHome()
    cpSync(made, dataOf(home), { recursive: true })
    return home
  }

  it('keeps a copy before an update; the version of before refuses the newer data unchanged, and brings it back', async () => {
    const home = withData()
    const data = dataOf(home)
    writeFileSync(join(data, 'fail'), '')
    const updated = await driver.start({ home, dist: laterVersion() })
    const failed = await updated.waitForWindow((url) => url === 'app://launcher/recovery')
    await failed.locator('h1', { hasText: 'cannot be opened' }).waitFor()
    expect(await failed.textContent('#reason')).toBe('This step fails.')
    const [kept = '', ...others] = readdirSync(join(data, 'backups'))
    expect(others).toEqual([])
    await failed.locator('li', { hasText: kept }).waitFor()
    rmSync(join(data, 'fail'))
    await failed.getByRole('button', { name: 'Try again' }).click()
    await (await readyPage(updated)).locator('#bots li', { hasText: 'Bot 1' }).waitFor()
    await updated.close()
    const before = readFileSync(join(data, 'steward.db'))
    const app = await driver.start({ home })
    const launcher = await app.waitForWindow((url) => url === 'app://launcher/recovery')
    await launcher.locator('h1', { hasText: 'newer version' }).waitFor()
    expect(await launcher.textContent('#reason')).toContain('9999_later')
    expect(readFileSync(join(data, 'steward.db')).equals(before)).toBe(true)
    await until('its windows gave way', () => app.windows().length === 1)
    await launcher.locator('li', { hasText: kept }).getByRole('button', { name: 'Restore' }).click()
    const page = await readyPage(app)
    await page.locator('#bots li', { hasText: 'Bot 1' }).waitFor()
    await until('the recovery window closed', () => app.windows().length === 1)
    const aside = readdirSync(data).find((name) => name.startsWith('before-restore-')) ?? ''
    const old = new Database(join(data, aside, 'steward.db'), { readonly: true })
    expect(old.prepare("select count(*) as n from schema_migration where name = '9999_later'").get()).toEqual({ n: 1 })
    old.close()
  })

  it('makes no new database beside what belongs to one, and goes on when it is back', async () => {
    const home = withData()
    const data = dataOf(home)
    const sound = readFileSync(join(data, 'steward.db'))
    const others = (): string[] => readdirSync(data).filter((name) => !name.startsWith('steward.db'))
    const before = others()
    rmSync(join(data, 'steward.db'))
    const app = await driver.start({ home })
    const launcher = await app.waitForWindow((url) => url === 'app://launcher/recovery')
    await launcher.locator('h1', { hasText: 'database is missing' }).waitFor()
    expect(await launcher.textContent('#reason')).toMatch(/steward\.db is missing, but .*secret\.key.*Put it back/)
    expect(existsSync(join(data, 'steward.db'))).toBe(false)
    writeFileSync(join(data, 'steward.db'), '')
    await launcher.getByRole('button', { name: 'Try again' }).click()
    await launcher.getByText('steward.db is empty, but').first().waitFor()
    expect([statSync(join(data, 'steward.db')).size, others()]).toEqual([0, before])

    writeFileSync(join(data, 'steward.db'), sound)
    await launcher.getByRole('button', { name: 'Try again' }).click()
    await (await readyPage(app)).locator('#bots li', { hasText: 'Bot 1' }).waitFor()
  })

  it('says that the code of bots is gone, and goes on without it only when told', async () => {
    const home = withData()
    const data = dataOf(home)
    const database = new Database(join(data, 'steward.db'))
    database.prepare('update bot set code_blob = ?').run('ab'.repeat(32))
    database.close()
    rmSync(join(data, 'blobs'), { recursive: true })
    const app = await driver.start({ home })
    const launcher = await app.waitForWindow((url) => url === 'app://launcher/recovery')
    await launcher.locator('h1', { hasText: 'code of this computer’s bots is missing' }).waitFor()
    await launcher.getByRole('button', { name: 'Try again' }).click()
    await launcher.locator('h1', { hasText: 'code of this computer’s bots is missing' }).waitFor()
    expect(existsSync(join(data, 'blobs', 'installation'))).toBe(false)
    await launcher.getByRole('button', { name: 'Continue without it' }).click()
    await (await readyPage(app)).locator('#bots li', { hasText: 'Bot 1' }).waitFor()
    expect(existsSync(join(data, 'blobs', 'installation'))).toBe(true)
  })

  it('says what is wrong with the data and with its key, changes neither, and tries again when asked', async () => {
    const home = withData()
    const file = join(dataOf(home), 'steward.db')
    const key = join(dataOf(home), 'secret.key')
    const sound = { file: readFileSync(file), key: readFileSync(key) }
    writeFileSync(file, Buffer.concat([Buffer.from('this is no database'.repeat(60)), sound.file.subarray(1140)]))
    const broken = readFileSync(file)
    const app = await driver.start({ home })
    const launcher = await app.waitForWindow((url) => url === 'app://launcher/recovery')
    await launcher.locator('h1', { hasText: 'data is damaged' }).waitFor()
    expect(readFileSync(file).equals(broken)).toBe(true)

    writeFileSync(file, sound.file)
    writeFileSync(key, 'short')
    await launcher.getByRole('button', { name: 'Try again' }).click()
    await launcher.locator('h1', { hasText: 'key to this computer’s data' }).waitFor()
    // No new key is made for data that was sealed with another.
    expect(readFileSync(key, 'utf8')).toBe('short')
    expect(existsSync(`${key}.before`)).toBe(false)

    writeFileSync(key, 'ee'.repeat(32))
    await launcher.getByRole('button', { name: 'Try again' }).click()
    await launcher.getByText('does not match this data').first().waitFor()

    writeFileSync(key, sound.key)
    await launcher.getByRole('button', { name: 'Try again' }).click()
    await (await readyPage(app)).locator('#bots li', { hasText: 'Bot 1' }).waitFor()
  })

  it('closes the data when its key is replaced meanwhile, says so, and opens it with the new key when asked', async () => {
    const home = withData()
    const data = dataOf(home)
    const app = await driver.start({ home })
    const page = await readyPage(app)
    await page.locator('#bots li', { hasText: 'Bot 1' }).waitFor()
    replaceKey(data)
    await page.click('#create')
    const launcher = await app.waitForWindow((url) => url === 'app://launcher/recovery')
    await launcher.locator('h1', { hasText: 'was replaced' }).waitFor()
    expect(await launcher.textContent('#reason')).toMatch(
      /replaced while Steward was running\. Choose “Try again” to open it/,
    )
    // Closed in order: nothing is left in the log of the database.
    expect(existsSync(join(data, 'steward.db-wal'))).toBe(false)

    await launcher.getByRole('button', { name: 'Try again' }).click()
    const again = await readyPage(app)
    await again.locator('#bots li', { hasText: 'Bot 1' }).waitFor()
    await again.click('#create')
    await until('there are two bots', async () => (await again.locator('#bots li').count()) === 2)
  })
})

/** As by somebody with a terminal, while the app is open. */
function replaceKey(data: string): void {
  const former = join(data, 'former.key')
  renameSync(join(data, 'secret.key'), former)
  const program = join(import.meta.dirname, '../../server/src/cli.ts')
  const given = ['key', 'replace', '--former', former, '--while-in-use']
  const { status, stderr } = spawnSync(process.execPath, [program, ...given], { env: { STEWARD_DATA: data } })
  expect([status, String(stderr)]).toEqual([0, expect.any(String)])
}
