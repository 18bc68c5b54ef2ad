import type { Page } from 'playwright-core'
import { quiet } from './requests.ts'
import type { Seed } from './seed.ts'

export interface Screen {
  name: string
  path: string
  /** What its first heading says. */
  heading: string | RegExp
  /** Seen without a session. */
  signedOut?: boolean
}

/** Every screen of the route tree, with its address. */
export function screensOf({
  workspaceId,
  workspaceName,
  botId,
  botName,
  accountId,
  accountName,
  ...rest
}: Seed): Screen[] {
  const workspace = `/w/${workspaceId}`
  const bot = `${workspace}/bots/${botId}`
  const tabs = ['overview', 'configuration', 'versions', 'deployments', 'keys', 'access', 'settings']
  return [
    { name: 'sign-in', path: '/sign-in', heading: 'Sign in', signedOut: true },
    { name: 'set-up', path: '/set-up', heading: 'Already set up', signedOut: true },
    { name: 'invitation', path: rest.invitationPath, heading: `Join ${workspaceName}`, signedOut: true },
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
    { name: 'not-found', path: '/no/such/page', heading: 'There is no page at this address' },
  ]
}

/** Opens a screen by its address and waits until it shows what it has. */
export async function openScreen(page: Page, { path, heading }: Screen): Promise<void> {
  await page.goto(path)
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  await settled(page)
}

/** Resolves once nothing is being loaded or drawn: no skeleton, no request, no transition, fonts in place. */
export async function settled(page: Page): Promise<void> {
  await quiet(page.context())
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
