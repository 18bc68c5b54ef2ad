/** Pages of the app's scheme are shown under addresses that Chromium takes for secure, without any network. */
const suffix = '.app.localhost'

/** Schemes the app registered as privileged before it was ready. */
export const schemes = new Map<string, { standard: boolean; secure: boolean }>()

/** `app://steward/x` as Chromium is asked for it. Other addresses stay. */
export function toBrowser(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url?.protocol !== 'app:' || url.host.includes(':')) return address
  return `http://${url.host}${suffix}${address.slice(`app://${url.host}`.length) || '/'}`
}

/** The address as Electron would show it. */
export function fromBrowser(address: string): string {
  const found = /^http:\/\/([^/:]+)\.app\.localhost(\/.*)?$/.exec(address)
  return found ? `app://${found[1]}${found[2] ?? '/'}` : address
}
