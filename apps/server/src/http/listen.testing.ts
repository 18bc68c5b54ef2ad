import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outgoing } from '@steward/api/server'
import { silentLog } from '@steward/api/server'
import { onTestFinished } from 'vitest'
import { listen, type HttpOptions } from './listen.ts'

/** An answer of the app. */
export const json = (value: unknown, status = 200): Outgoing => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

/** A server that the test closes at its end. */
export async function serving(respond: HttpOptions['respond'], more: Partial<HttpOptions> = {}) {
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    now: () => new Date(),
    trustedProxies: 0,
    respond,
    ...more,
  })
  onTestFinished(async () => {
    server.cut()
    await server.close(0)
  })
  return { server, url: `http://127.0.0.1:${server.port}` }
}

/** Sends bytes as they are and resolves all that comes back until the connection ends. */
export async function exchange(port: number, ...parts: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let got = ''
  socket.setEncoding('latin1').on('data', (text: string) => (got += text))
  const ended = once(socket, 'close')
  for (const part of parts) {
    socket.write(part)
    await sleep(20)
  }
  await ended
  return got
}
