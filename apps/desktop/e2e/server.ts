import { createApi, createAppContext, prepareFirstRun } from '@steward/api/server'
import { migrate, openStores } from '@steward/db'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { atEnd } from './drivers.ts'

export interface TestServer {
  url: string
  token: string
  /** What reached it. */
  seen: { path: string; headers: IncomingHttpHeaders }[]
  close(): Promise<void>
}

/** A real app of its own on a socket, as a server elsewhere would be. */
export async function startServer(port = 0): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-remote-'))
  const stores = await openStores({ folder })
  await migrate(stores, { now: () => new Date() })
  const app = await createAppContext({
    stores,
    secret: new Uint8Array(32).fill(5),
    settings: { publicUrl: 'http://127.0.0.1:7420', signUp: 'invited' },
  })
  const { token } = await prepareFirstRun(app)
  const api = createApi(app)
  const seen: TestServer['seen'] = []
  const server = createServer((request, response) => {
    const { url = '/', method = 'GET', headers } = request
    seen.push({ path: url, headers })
    const sent = new Headers()
    for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') sent.set(name, value)
    const body = method === 'GET' || method === 'HEAD' ? null : Readable.toWeb(request)
    const init = { method, headers: sent, body, duplex: 'half' } as RequestInit
    void api.handle(new Request(`http://127.0.0.1${url}`, init)).then((answer) => {
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      if (answer.body) Readable.fromWeb(answer.body as never).pipe(response)
      else response.end()
      return undefined
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  let closed: Promise<void> | null = null
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await api.close()
    await stores.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const once = (): Promise<void> => (closed ??= close())
  atEnd(once)
  if (token === null) throw new Error('The new app gave no token.')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token, seen, close: once }
}
