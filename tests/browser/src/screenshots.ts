/*
 * The console's part of `npm run screenshots [-- --out folder]`: every screen in both themes, 1280 by 800. With --readme only the few that the README shows, into docs/pictures.
 * Needs the built console and a Chromium (CHROMIUM says where). Ends with 1 when a picture could not be taken.
 */
import { mkdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { type Screen, openScreen, screensOf, useTheme } from './screens.ts'
import {
  type TestServer,
  type Fixture,
  openFixture,
  ownerEmail,
  password,
  startTestServer,
  whyNoBrowser,
} from './fixture.ts'

const root = join(import.meta.dirname, '../../..')
const themes = ['light', 'dark'] as const
type Theme = (typeof themes)[number]

/** What the README shows: the file's name, and the screen with its theme. */
const readme: Record<string, [screen: string, theme: Theme]> = {
  'home-light': ['home', 'light'],
  'home-dark': ['home', 'dark'],
  versions: ['versions-compared', 'light'],
  audit: ['audit', 'light'],
}

interface Shot {
  file: string
  theme: Theme
}

function usage(message: string): never {
  process.stderr.write(`${message}\nusage: npm run screenshots [-- --out <folder> | --readme]\n`)
  process.exit(2)
}

function readArguments(): { folder: string; forReadme: boolean } {
  try {
    const { values } = parseArgs({ options: { out: { type: 'string' }, readme: { type: 'boolean', default: false } } })
    if (values.readme && values.out !== undefined) usage('--readme has a folder of its own.')
    const folder = values.readme ? join(root, 'docs/pictures') : resolve(values.out ?? join(root, 'screenshots'))
    return { folder, forReadme: values.readme }
  } catch (cause) {
    return usage(cause instanceof Error ? cause.message : String(cause))
  }
}

/** Opens each screen once and takes its pictures; one that fails is told and does not keep the others. */
class Photographer {
  readonly failed: string[] = []
  readonly #folder: string
  #taken = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  async take(page: Page, screen: Screen, shots: readonly Shot[]): Promise<void> {
    try {
      await openScreen(page, screen)
      for (const { file, theme } of shots) {
        await useTheme(page, theme)
        await page.screenshot({ path: join(this.#folder, `${file}.png`) })
        this.#taken += 1
      }
      process.stdout.write(`${screen.name.padEnd(22)} ${shots.map(({ theme }) => theme).join(', ')}\n`)
    } catch (cause) {
      this.failed.push(screen.name)
      process.stderr.write(
        `${screen.name.padEnd(22)} FAILED ${cause instanceof Error ? cause.message : String(cause)}\n`,
      )
    }
  }

  tell(): void {
    process.stdout.write(`${this.#taken} pictures in ${relative(process.cwd(), this.#folder) || '.'}\n`)
    if (this.failed.length === 0) return
    process.stderr.write(`Failed: ${this.failed.join(', ')}\n`)
    process.exitCode = 1
  }
}

const bothThemes = ({ name }: Screen): Shot[] => themes.map((theme) => ({ file: `${name}-${theme}`, theme }))

/** What takes an app or an answer of its own, and what the tests see enough of elsewhere. */
function rareScreens({ seed, url }: Fixture, app: TestServer): Screen[] {
  const bots = `${url}/w/${seed.workspaceId}/bots`
  return [
    { name: 'home-empty', path: `/w/${seed.emptyWorkspaceId}/home`, heading: seed.emptyWorkspaceName },
    { name: 'bots-viewer', path: bots, heading: /^Bots/, as: 'viewer' },
    {
      name: 'set-up-first',
      path: `${app.url}/set-up#${app.setUpCode}`,
      heading: 'Set up Steward',
      as: 'nobody',
    },
    {
      name: 'second-factor',
      path: `${url}/sign-in`,
      heading: 'Sign in',
      as: 'nobody',
      act: async (page) => {
        await page.route('**/auth/sign-in/email', (route) => route.fulfill({ json: { twoFactorRedirect: true } }))
        await page.getByLabel('Email').fill(ownerEmail)
        await page.getByLabel('Password').fill(password)
        await page.getByRole('button', { name: 'Sign in', exact: true }).click()
        await page.getByRole('heading', { name: 'Second factor' }).waitFor()
        await page.unroute('**/auth/sign-in/email')
      },
    },
    {
      name: 'bots-unreachable',
      path: `${url}/w/${seed.workspaceId}/home`,
      heading: seed.workspaceName,
      act: async (page) => {
        await page.route('**/trpc/**', (route) => route.abort())
        await page.getByRole('link', { name: 'Bots', exact: true }).click()
        await page.waitForURL(bots)
        await page.getByRole('button', { name: 'Try again' }).first().waitFor()
        await page.unroute('**/trpc/**')
      },
    },
  ]
}

/** Every screen in both themes, or what the README shows. */
function planOf(fixture: Fixture, app: TestServer, forReadme: boolean): { screen: Screen; shots: Shot[] }[] {
  const all = [...screensOf(fixture.seed), ...rareScreens(fixture, app)]
  if (!forReadme) return all.map((screen) => ({ screen, shots: bothThemes(screen) }))
  return [...Map.groupBy(Object.entries(readme), ([, [name]]) => name)].map(([name, pictures]) => {
    const screen = all.find((one) => one.name === name)
    if (!screen) throw new Error(`There is no screen ${name}.`)
    return { screen, shots: pictures.map(([file, [, theme]]) => ({ file, theme })) }
  })
}

async function takeAll({ folder, forReadme }: { folder: string; forReadme: boolean }): Promise<void> {
  await mkdir(folder, { recursive: true })
  const photographer = new Photographer(folder)
  const fixture = await openFixture()
  const app = await startTestServer()
  try {
    const plan = planOf(fixture, app, forReadme)
    for (const group of Map.groupBy(plan, ({ screen }) => screen.as).values()) {
      const { context, page } = await fixture.visit(await fixture.visitorOf(group[0]?.screen ?? {}))
      for (const { screen, shots } of group) await photographer.take(page, screen, shots)
      await context.close()
    }
  } finally {
    await app.close()
    await fixture.close()
  }
  photographer.tell()
}

const asked = readArguments()
const reason = whyNoBrowser()
if (reason === null) await takeAll(asked)
else {
  process.stderr.write(`${reason}\n`)
  process.exitCode = 1
}
