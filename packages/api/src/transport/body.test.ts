import { freshDatabase } from '@steward/db/testing'
import { openStores } from '@steward/db'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedPerson, seedToken, seedWorkspace, testApp } from '../core/app.testing.ts'
import { createEndpoints } from './api.ts'
import { nodeListener } from './http.testing.ts'
import { echoRouter } from './echo-router.testing.ts'

const mebibyte = 1024 * 1024

async function attachStores() {
  const database = await freshDatabase('sqlite')
  const stores = await openStores(database.options)
  const { app } = testApp(stores)
  const owner = await seedPerson(app, 'owner@example.com')
  const workspaceId = await seedWorkspace(app, owner)
  const token = await seedToken(app, owner)
  const api = createEndpoints(app, echoRouter)
  const server = createServer(nodeListener((incoming) => api.respond(incoming)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const headers = {
    authorization: `Bearer ${token.value}`,
    'x-workspace-id': workspaceId,
    'content-type': 'application/json',
  }
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await api.close()
    await stores.close()
    await database.remove()
  }
  return { port, headers, url: `http://127.0.0.1:${port}`, close }
}

let at: Awaited<ReturnType<typeof attachStores>>
beforeAll(async () => {
  at = await attachStores()
})
afterAll(() => at.close())

const post = async (body: string | Buffer, path = '/v1/admin/bots') => {
  const response = await fetch(at.url + path, { method: 'POST', headers: at.headers, body: body as never })
  return { status: response.status, body: (await response.json()) as { type?: string; size?: number } }
}

/** Text like a code bundle: mostly plain, with quotes, escapes and some letters beyond ASCII. */
function bundle(size: number): string {
  const line = 'const t="h\\u00e9llo \\"w\\"";\nexport function f(a,b){return a.map(x=>`${x}\\n`).join("→")+b}\n'
  return line.repeat(Math.ceil(size / line.length)).slice(0, size)
}

describe('bodies', () => {
  it('of bots may hold 64 MiB, others one, and more is refused in the envelope', async () => {
    const frame = JSON.stringify({ code: '' }).length
    const full = JSON.stringify({ code: 'x'.repeat(64 * mebibyte - frame) })
    expect(full).toHaveLength(64 * mebibyte)
    expect(await post(full)).toEqual({ status: 200, body: expect.objectContaining({ size: 64 * mebibyte - frame }) })
    expect(await post(full + ' ')).toMatchObject({ status: 413, body: { type: 'PayloadTooLarge' } })
    const small = await post('x'.repeat(mebibyte + 1), '/v1/admin/fail/known')
    expect(small).toMatchObject({ status: 413, body: { type: 'PayloadTooLarge' } })
  })

  it('without a length are refused as they grow', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const options = { port: at.port, path: '/v1/admin/fail/known', method: 'POST', headers: at.headers }
      const sending = request(options, (response) => resolve(response.resume().statusCode))
      sending.on('error', reject)
      for (let i = 0; i < 40; i++) sending.write('x'.repeat(mebibyte / 8))
      sending.end()
    })
    expect(status).toBe(413)
  })

  it('that break off do no harm', async () => {
    const socket = connect(at.port, '127.0.0.1')
    const lines = Object.entries(at.headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`POST /v1/admin/bots HTTP/1.1\r\nhost: x\r\n${lines.join('')}content-length: 100\r\n\r\n{"name"`)
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.destroy()
    expect((await post('{}')).status).toBe(200)
  })

  it('of 10 MB arrive whole', async () => {
    const { status, body: answer } = await post(Buffer.from(JSON.stringify({ code: bundle(10_000_000) })))
    expect([status, answer.size]).toEqual([200, 10_000_000])
  })
})
