import { shell } from 'electron'

/**
 * Hands an address to the person's browser: https, and http to this computer only. The one place that may: what
 * the system does with other schemes nobody here can foresee.
 */
export function openOutside(address: string): void {
  const url = URL.canParse(address) ? new URL(address) : null
  const loopback = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url?.protocol === 'https:' || loopback) void shell.openExternal(address)
}

/** Shows one of our own folders in the person's file manager. */
export async function showFolder(path: string): Promise<void> {
  await shell.openPath(path)
}
