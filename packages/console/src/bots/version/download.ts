import { save } from '../../audit/export.ts'
import { connection } from '../../session/connection.ts'
import { onThisServer } from '../../base/links.ts'

/**
 * Saves the file that an address of this server leads to. A browser goes there itself; the pages of the desktop reach
 * their server by `connection.fetch` only.
 * @throws Error with the server's reason, or for an address that is none of its.
 */
export async function downloadFrom(address: string): Promise<void> {
  const path = onThisServer(address)
  if (path === null) throw new Error('The link to this version does not work.')
  if (connection.kind === 'web') return window.location.assign(path)
  const response = await connection.fetch(path)
  if (!response.ok) throw new Error(((await response.json()) as { message: string }).message)
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'version.json'
  save(await response.blob(), name)
}
