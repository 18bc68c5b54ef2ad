import { once } from 'node:events'
import { renameSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { exitCode } from './exit.ts'
import { createLog, startServer } from './server.ts'
import { freshFolder, freshInstallation, serveIn, steward, tokenIn, type Env } from './process.testing.ts'

/* The life of the process: signals, a failure that nothing catches, and what it says of itself on its way out. */

/** A request to make a workspace whose last byte is still to come, on a connection of its own. */
async function halfSent(url: string, token: string) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).setEncoding('latin1')
  let got = ''
  socket.on('data', (text: string) => (got += text)).on('error', () => {})
  const ended = once(socket, 'close')
  const body = '{"name":"half sent"}'
  const head = `POST /v1/admin/workspaces HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\n`
  await new Promise((resolve) => socket.write(`${head}content-length: ${body.length}\r\n\r\n{`, resolve))
  return {
    /** Sends the rest; resolves all that came back. */
    async finish(): Promise<string> {
      socket.write(body.slice(1))
      await ended
      return got
    },
  }
}

describe('a failure that nothing catches', () => {
  /** Loaded into the server before its own code: does what a mistake of ours would do, at SIGUSR2. */
  const atSignal = (mistake: string): string =>
    `--import data:text/javascript,${encodeURIComponent(`process.on('SIGUSR2', () => { ${mistake} })`)}`
  const mistakes = {
    'an exception': 'throw new Error("a mistake")',
    'a rejection': 'void Promise.reject(new Error("a mistake"))',
  }
  test.each(Object.entries(mistakes))(
    '%s: what is under way is answered, and it ends with a code that a supervisor restarts on',
    async (_, mistake) => {
      const env: Env = { ...(await freshInstallation()), NODE_OPTIONS: atSignal(mistake) }
      const server = await serveIn(env)
      const request = await halfSent(server.url, tokenIn(server.out()))
      // The server has the head of the request by now: it answered another one that came later.
      await fetch(`${server.url}/health`)
      server.process.kill('SIGUSR2')
      while (!server.err().includes('an unexpected error occurred')) await sleep(5)
      expect(await request.finish()).toContain('HTTP/1.1 200')
      expect(await server.exit).toBe(exitCode.failed)
      expect(server.err()).toContain('a mistake')
      const again = await serveIn({ ...env, NODE_OPTIONS: '' })
      expect((await fetch(`${again.url}/ready`)).status).toBe(200)
    },
  )

  test('a request that never ends holds up its end for two seconds at most', async () => {
    const server = await serveIn({ ...(await freshInstallation()), NODE_OPTIONS: atSignal(mistakes['an exception']) })
    await halfSent(server.url, tokenIn(server.out()))
    await fetch(`${server.url}/health`)
    server.process.kill('SIGUSR2')
    expect(await server.exit).toBe(exitCode.failed)
    expect(server.err()).toContain('Some requests were cut off')
  })
})

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s: what is under way is answered, then it ends with 0',
  async (signal) => {
    const server = await serveIn(await freshInstallation())
    const request = await halfSent(server.url, tokenIn(server.out()))
    await fetch(`${server.url}/health`)
    server.process.kill(signal)
    while (!server.err().includes(`${signal}: finishing open requests`)) await sleep(5)
    expect(server.process.exitCode).toBeNull()
    expect(await request.finish()).toContain('HTTP/1.1 200')
    expect(await server.exit).toBe(exitCode.ok)
  },
)

test.each(['sqlite', 'postgres'] as const)(
  'a key that is replaced meanwhile ends it at the next change, in words, and it starts again with the new one (%s)',
  async (engine) => {
    const env = await freshInstallation(engine)
    const server = await serveIn(env)
    const headers = { authorization: `Bearer ${tokenIn(server.out())}`, 'content-type': 'application/json' }
    const change = (url: string) =>
      fetch(`${url}/v1/admin/workspaces`, { method: 'POST', headers, body: '{"name":"later"}' })
    const former = join(freshFolder(), 'former.key')
    renameSync(join(env['STEWARD_DATA'] ?? '', 'secret.key'), former)
    expect((await steward(env, ['key', 'replace', '--former', former, '--while-in-use'])).err).toBe('')
    expect((await fetch(`${server.url}/v1/admin/workspaces`, { headers })).status).toBe(200)
    const refused = await change(server.url)
    expect([refused.status, await refused.json()]).toMatchObject([
      500,
      { type: 'Internal', message: expect.stringContaining('secret key was replaced while it was running') as string },
    ])
    expect(await server.exit).toBe(exitCode.failed)
    expect(server.err()).toContain('Start it again with the new key.')
    expect((await change((await serveIn(env)).url)).status).toBe(200)
  },
)

test('on its way out it says that it is not ready, while what is under way is answered', async () => {
  const config = { ...readConfig(await freshInstallation(), tmpdir()), logLevel: 'fatal' as const }
  const server = await startServer({ config, log: createLog(config) })
  onTestFinished(async () => void (await server.close(0)))
  const ready = async () => (await server.api.handle(new Request(`${server.url}/ready`))).status
  const request = await halfSent(server.url, server.firstRun.token ?? '')
  await fetch(`${server.url}/health`)
  expect(await ready()).toBe(200)
  const closed = server.close()
  expect(await ready()).toBe(503)
  expect(await request.finish()).toContain('HTTP/1.1 200')
  expect(await closed).toBe(0)
})
