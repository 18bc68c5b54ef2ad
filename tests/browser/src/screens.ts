import type { Page } from 'playwright-core'
import { quiet } from './requests.ts'
import type { Seed } from './seed.ts'

export interface Screen {
  name: string
  path: string
  /** What its first heading says. */
  heading: string | RegExp
  /** Who sees it; the owner unless told. */
  as?: 'nobody' | 'viewer'
  /** A call of it is refused. */
  refused?: true
  /** What is done on the page before it is the screen that is meant. */
  act?: (page: Page) => Promise<void>
}

/** Every screen of the route tree with its address, and the states that a page of it can be in. */
export function screensOf(seed: Seed): Screen[] {
  return [...pagesOf(seed), ...statesOf(seed)]
}

function pagesOf({ workspaceId, workspaceName, botId, botName, accountId, accountName, ...rest }: Seed): Screen[] {
  const workspace = `/w/${workspaceId}`
  const bot = `${workspace}/bots/${botId}`
  const tabs = ['overview', 'configuration', 'versions', 'deployments', 'keys', 'access', 'settings']
  return [
    { name: 'sign-in', path: '/sign-in', heading: 'Sign in', as: 'nobody' },
    { name: 'set-up', path: '/set-up', heading: 'Already set up', as: 'nobody' },
    { name: 'invitation', path: rest.invitationPath, heading: `Join ${workspaceName}`, as: 'nobody' },
    { name: 'forgot', path: '/forgot', heading: 'Reset your password', as: 'nobody' },
    { name: 'recovery', path: rest.recoveryPath, heading: 'Choose a new password', as: 'nobody' },
    { name: 'home', path: `${workspace}/home`, heading: workspaceName },
    { name: 'bots', path: `${workspace}/bots`, heading: /^Bots/ },
    ...tabs.map((tab) => ({ name: `bot-${tab}`, path: `${bot}/${tab}`, heading: new RegExp(`^${botName}`) })),
    { name: 'versions-compared', path: `${bot}/versions?compare=on`, heading: new RegExp(`^${botName}`) },
    { name: 'members', path: `${workspace}/members`, heading: /^Members/ },
    { name: 'roles', path: `${workspace}/members/roles`, heading: 'Members' },
    { name: 'audit', path: `${workspace}/audit`, heading: /^Audit/ },
    { name: 'settings', path: `${workspace}/settings`, heading: 'Settings' },
    { name: 'accounts', path: '/accounts', heading: /^Accounts/ },
    { name: 'account', path: `/accounts/${accountId}`, heading: new RegExp(`^${accountName}`) },
    { name: 'profile', path: '/me/profile', heading: 'Profile' },
    { name: 'tokens', path: '/me/tokens', heading: /^Personal access tokens/ },
    { name: 'sessions', path: '/me/sessions', heading: /^Sessions/ },
    { name: 'security', path: '/me/security', heading: 'Password and second factor' },
    { name: 'not-found', path: '/no/such/page', heading: 'Page not found' },
  ]
}

function statesOf({ workspaceId, workspaceName, emptyWorkspaceId, botId, botName }: Seed): Screen[] {
  const workspace = `/w/${workspaceId}`
  const bots = { path: `${workspace}/bots`, heading: /^Bots/ }
  const home = { path: `${workspace}/home`, heading: workspaceName }
  const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name }).waitFor()
  const says = (name: string) => (page: Page) => page.getByRole('heading', { level: 2, name }).waitFor()
  return [
    { name: 'bots-empty', path: `/w/${emptyWorkspaceId}/bots`, heading: /^Bots/, act: says('No bots yet') },
    {
      ...bots,
      name: 'bots-filtered-empty',
      path: `${bots.path}?tag=team%3Dnobody`,
      act: says('No bots match these filters'),
    },
    { ...bots, name: 'bots-inspector', path: `${bots.path}?inspect=${botId}`, act: says(botName) },
    {
      ...bots,
      name: 'bot-create',
      act: async (page) => {
        await page.getByRole('button', { name: 'New bot', exact: true }).click()
        await dialog(page, 'New bot')
      },
    },
    {
      name: 'bot-deploy',
      path: `${bots.path}/${botId}/versions`,
      heading: new RegExp(`^${botName}`),
      act: async (page) => {
        await page.getByRole('button', { name: 'Deploy…', exact: true }).click()
        await dialog(page, /^Deploy/)
      },
    },
    {
      name: 'bot-missing',
      path: `${bots.path}/bot_01000000000000000000000000/overview`,
      heading: 'Not found',
      refused: true,
    },
    {
      name: 'audit-forbidden',
      path: `${workspace}/audit`,
      heading: 'You don’t have access',
      as: 'viewer',
    },
    {
      ...home,
      name: 'palette',
      act: async (page) => {
        await page.keyboard.press('Control+k')
        await dialog(page, 'Search and run commands')
      },
    },
    {
      ...bots,
      name: 'keys',
      act: async (page) => {
        await page.keyboard.press('?')
        await dialog(page, 'Keyboard shortcuts')
      },
    },
  ]
}

/** Opens a screen by its address and waits until it shows what it has. */
export async function openScreen(page: Page, { path, heading, act }: Screen): Promise<void> {
  await page.goto(path)
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  await settled(page)
  if (!act) return
  await act(page)
  await settled(page)
}

/** Resolves once nothing is being loaded or drawn: no skeleton, no request, no transition, fonts in place. */
export async function settled(page: Page): Promise<void> {
  await quiet(page)
  await page.waitForFunction(
    () =>
      document.querySelector('[aria-busy="true"]') === null &&
      document.fonts.status === 'loaded' &&
      document.getAnimations().every(({ playState }) => playState !== 'running'),
  )
}

/** Lets the page follow the system's other look, and waits until it has. */
export async function useTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
  await page.locator(`html[data-theme="${theme}"]`).waitFor()
  await settled(page)
}
