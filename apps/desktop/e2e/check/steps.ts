import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Application } from '@steward/electron-double'
import { askedOf, clickMenu, scriptDialogs, until, urlOf } from '../apps.ts'

/** One app under check. */
export interface Stage {
  app: Application
  page: Page
  /** What the app keeps is below it. */
  home: string
  /** Starts the app once more with these arguments; resolves when that process has ended. */
  startAgain(args: string[]): Promise<void>
  /** Seconds to wait for what should happen. */
  patience: number
  /** Has a newer version. */
  feed: Feed
}

export interface Step {
  name: string
  /** @returns what was seen. @throws Error with what was not. */
  run(stage: Stage): Promise<string>
}

const newest = '99.1.0'

export interface Feed {
  url: string
  asked: string[]
  close(): void
}

/** A feed on this machine that has a newer version. */
export async function startFeed(): Promise<Feed> {
  const asked: string[] = []
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.end(`version: ${newest}\npath: none\n`)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked, close: () => void server.close() }
}

function demand(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise)
}

/** Calls a procedure as the page does. */
const call = (page: Page, path: string, input: object): Promise<unknown> =>
  page.evaluate(
    async ([procedure, given]) => {
      const { steward } = window
      if (!steward) throw new Error('The page has no connection.')
      const response = await steward.connection.fetch(`/trpc/${procedure}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(given),
      })
      const answer = (await response.json()) as { result?: { data: unknown }; error?: { message: string } }
      if (answer.error) throw new Error(answer.error.message)
      return answer.result?.data
    },
    [path, input] as const,
  )

const query = (page: Page, path: string, input: object): Promise<unknown> =>
  page.evaluate(
    async ([procedure, given]) => {
      const response = await window.steward?.connection.fetch(`/trpc/${procedure}?input=${encodeURIComponent(given)}`)
      const answer = (await response?.json()) as { result?: { data: unknown }; error?: { message: string } }
      if (answer.error) throw new Error(answer.error.message)
      return answer.result?.data
    },
    [path, JSON.stringify(input)] as const,
  )

async function workspaceOf(page: Page): Promise<string> {
  const { workspaces } = (await query(page, 'workspace.list', {})) as { workspaces: { id: string }[] }
  return workspaces[0]?.id ?? ''
}

/** Sends a link on its way, and waits until the page is there. */
async function follow(
  { page, patience }: Stage,
  name: string,
  send: (link: string) => Promise<unknown>,
): Promise<boolean> {
  const path = `/w/${await workspaceOf(page)}/${name}`
  await send(`steward:/${path}`)
  const isThere = (): boolean => urlOf(page) === `app://steward${path}`
  return until(path, isThere, patience).then(
    () => true,
    () => false,
  )
}

export const steps: readonly Step[] = [
  {
    name: 'Packed start',
    async run({ app, page }) {
      const isPacked = await app.evaluate(({ app: shell }) => shell.isPackaged)
      demand(isPacked, 'The app does not take itself for installed.')
      // Larger than what is read without a thread, which starts from beside the archive.
      const code = '// a line of code\n'.repeat(100_000)
      const input = { workspaceId: await workspaceOf(page), name: 'Large', code }
      await call(page, 'bot.create', input).catch((cause: unknown) => {
        throw new Error(`The thread that reads large bodies does not start: ${String(cause)}`)
      })
      return 'the app starts from its archive, and its thread from beside it'
    },
  },
  {
    name: 'Window',
    async run({ app, page }) {
      const isShown = await app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().some((one) => one.isVisible()),
      )
      demand(isShown, 'No window is visible.')
      const rights = await page.evaluate(() => ({
        node: 'require' in globalThis || 'process' in globalThis,
        address: location.href,
      }))
      demand(!rights.node, 'The page has rights of Node.')
      return 'one window, visible, without rights of Node'
    },
  },
  {
    name: 'Local mode',
    async run({ page, home }) {
      const workspaceId = await workspaceOf(page)
      await call(page, 'bot.create', { workspaceId, name: 'Checked' })
      const { bots } = (await query(page, 'bot.list', { workspaceId })) as { bots: { name: string }[] }
      demand(
        bots.some(({ name }) => name === 'Checked'),
        'A bot that was made is not listed.',
      )
      demand(existsSync(join(home, 'data', 'data', 'steward.db')), 'The database is not where it belongs.')
      return 'a bot was made and listed; the database lies in its place'
    },
  },
  {
    name: 'Backup',
    async run({ app, page, home }) {
      const target = join(home, 'Backup of the check')
      await scriptDialogs(app, { save: target, button: 0 })
      const outcome = await page.evaluate(() => window.stewardShell.backUp())
      const names = existsSync(target) ? readdirSync(target) : []
      const missing = ['steward.db', 'telemetry.db', 'secret.key', 'blobs'].filter((name) => !names.includes(name))
      demand(missing.length === 0, `The backup lacks ${missing.join(', ')}: ${outcome?.text ?? 'no answer'}`)
      return 'databases, bodies and key, while in use'
    },
  },
  {
    name: 'Deep link',
    async run(stage) {
      const { app } = stage
      const isClaimed = await app.evaluate(({ app: shell }) => shell.isDefaultProtocolClient('steward'))
      const isThere = await follow(stage, 'audit', (link) =>
        app.evaluate(({ app: shell }, given) => shell.emit('open-url', { preventDefault: () => {} }, given), link),
      )
      demand(isThere, 'A link does not lead to its page.')
      return isClaimed
        ? 'followed; the system knows whom links belong to'
        : 'followed; the system gives links to another program'
    },
  },
  {
    name: 'Second instance',
    async run(stage) {
      const isThere = await follow(stage, 'members', (link) => stage.startAgain([link]))
      demand(isThere, 'A second start does not hand its link over.')
      demand(stage.app.windows().length === 1, 'A second start opened a window of its own.')
      return 'a second start hands its link over and ends'
    },
  },
  {
    name: 'Safe storage',
    async run({ app, home }) {
      await clickMenu(app, 'shell.connections')
      const launcher = await app.waitForWindow((url) => url === 'app://launcher/connections')
      const token = `check-${'t'.repeat(40)}`
      const given = { name: 'Check', url: 'http://127.0.0.1:9', token, remember: true }
      const { protection, id } = await launcher.evaluate(async (connection) => {
        const before = await window.stewardShell.listConnections()
        if (before.protection === 'none') return { protection: before.protection, id: '' }
        return { protection: before.protection, id: (await window.stewardShell.addConnection(connection)).id }
      }, given)
      demand(protection !== 'none', 'This computer cannot save a token.')
      const kept = readFileSync(join(home, 'data', 'connections.json'), 'utf8')
      const isClear = kept.includes(token) || kept.includes(Buffer.from(token).toString('base64'))
      await launcher.evaluate((one) => window.stewardShell.removeConnection(one), id)
      demand(!isClear, 'A token lies on the disk as it is.')
      return protection === 'keyring' ? 'sealed with the keyring' : 'sealed, but this computer has no keyring'
    },
  },
  {
    name: 'Download',
    async run({ page, patience }) {
      const text = 'what is saved'
      const waiting = page.waitForEvent('download', { timeout: patience * 1000 }).catch(() => null)
      await page.evaluate((content) => {
        const link = document.createElement('a')
        link.href = URL.createObjectURL(new Blob([content]))
        link.download = 'check.txt'
        link.click()
      }, text)
      const download = await waiting
      if (download === null) throw new Error('Nothing is downloaded.')
      demand(download.suggestedFilename() === 'check.txt', 'The file has another name.')
      demand(readFileSync(await download.path(), 'utf8') === text, 'The file holds something else.')
      return 'a file that the page made arrives whole, under its name'
    },
  },
  {
    name: 'Update check',
    async run({ app, feed, home }) {
      writeFileSync(join(home, 'data', 'settings.json'), JSON.stringify({ updateFeed: feed.url }))
      await scriptDialogs(app, { button: 1 })
      await clickMenu(app, 'shell.updates')
      await until('an answer', async () => (await askedOf(app)).length > 0)
      const [said = ''] = await askedOf(app)
      demand(said.includes(`Version ${newest} is available`), `A newer version is not told: ${said}`)
      const strange = feed.asked.filter((path) => !/^\/latest[\w-]*\.yml$/.test(path))
      demand(strange.length === 0, 'More was asked of the feed than what is newest.')
      return 'a newer version on the feed is told; nothing else was asked'
    },
  },
]
