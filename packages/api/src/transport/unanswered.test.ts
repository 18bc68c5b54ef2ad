import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { StewardError, Unanswered, createClient } from '../client.ts'

/** What stands where Steward should, by the header that asks for it. */
const server = createServer((request, response) => {
  const html = (status: number) => response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Proxy</h1>')
  const answers: Record<string, () => void> = {
    silence: () => void response.destroy(),
    gateway: () => void html(502),
    portal: () => void html(200),
    cut: () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' }).write('[{"re')
      setImmediate(() => response.destroy())
    },
    half: () => void response.writeHead(200, { 'content-type': 'application/json' }).end('[{"re'),
  }
  answers[String(request.headers['x-answer'])]?.()
})
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
afterAll(() => void server.close())

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const thrown = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (cause: unknown) => (cause instanceof StewardError ? cause.cause : cause),
  )

describe.each([false, true])('a call that Steward did not answer (streaming: %s)', (stream) => {
  it.each([
    ['silence', null],
    ['cut', null],
    ['gateway', 502],
    ['portal', 200],
  ])('%s', async (answer, status) => {
    const client = createClient({ url: url(), stream, headers: { 'x-answer': answer } })
    const causes = [await thrown(client.setup.status.query({})), await thrown(client.me.update.mutate({}))]
    for (const cause of causes) {
      expect(cause).toBeInstanceOf(Unanswered)
      expect(cause).toMatchObject({ status })
    }
  })

  it('is none where the caller itself fails, before or while it asks', async () => {
    const silent = { 'x-answer': 'silence' }
    const badToken = createClient({ url: url(), stream, token: 'two\nlines', headers: silent })
    expect(await thrown(badToken.me.update.mutate({}))).toBeInstanceOf(TypeError)
    expect(await thrown(badToken.setup.status.query({}))).toBeInstanceOf(TypeError)
    const random = vi.spyOn(crypto, 'getRandomValues').mockImplementation(() => {
      throw new TypeError('crypto.getRandomValues is not a function')
    })
    const keyed = createClient({ url: url(), stream, idempotencyKeys: true, headers: silent })
    expect(await thrown(keyed.me.update.mutate({}))).toBeInstanceOf(TypeError)
    random.mockRestore()
  })

  it('is none when the caller gives up', async () => {
    const client = createClient({ url: url(), stream })
    const stop = new AbortController()
    const call = client.setup.status.query({}, { signal: stop.signal })
    stop.abort()
    expect(await thrown(call)).not.toBeInstanceOf(Unanswered)
  })
})

it('a half answer of a query or a mutation counts as none', async () => {
  const client = createClient({ url: url(), headers: { 'x-answer': 'half' } })
  expect(await thrown(client.setup.status.query({}))).toBeInstanceOf(Unanswered)
  expect(await thrown(client.me.update.mutate({}))).toBeInstanceOf(Unanswered)
})

it('makes keys where a browser has no randomUUID', async () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  const sent: (string | null)[] = []
  const fetch = async (_url: string, init: RequestInit) => {
    sent.push(new Headers(init.headers).get('idempotency-key'))
    return Response.json({ result: { data: {} } })
  }
  const client = createClient({ url: url(), idempotencyKeys: true, fetch })
  await client.me.update.mutate({})
  await client.me.update.mutate({})
  vi.unstubAllGlobals()
  expect(sent).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{32}$/)])
  expect(sent[0]).not.toBe(sent[1])
})
