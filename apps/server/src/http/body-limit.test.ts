import { fromRequest, type Incoming } from '@steward/api/server'
import { expect, test } from 'vitest'
import { exchange, json, serving } from './listen.testing.ts'

const limit = 1000

/** What a procedure that takes `limit` bytes answers: how many it got. */
async function taken(incoming: Incoming): Promise<number> {
  return (await incoming.body(limit)).byteLength
}

const answering = async (incoming: Incoming) => json({ taken: await taken(incoming) })

/** As a client sends it that does not say how long it is, in two pieces. */
function chunked(size: number): string {
  const [first, second] = [Math.floor(size / 2), Math.ceil(size / 2)]
  // A piece of no length would be the end.
  const piece = (length: number): string => (length === 0 ? '' : `${length.toString(16)}\r\n${'x'.repeat(length)}\r\n`)
  return `POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${piece(first)}${piece(second)}0\r\n\r\n`
}

function declared(size: number): string {
  return `POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${size}\r\n\r\n${'x'.repeat(size)}`
}

test.each([
  ['declared', declared],
  ['in pieces', chunked],
])('a body of exactly the limit is taken, one byte more is not (%s)', async (_, sent) => {
  const { server } = await serving(answering)
  for (const size of [0, 1, limit - 1, limit])
    expect(await exchange(server.port, sent(size))).toContain(`{"taken":${size}}`)
  const over = await exchange(server.port, sent(limit + 1))
  expect(over).toContain('HTTP/1.1 413 ')
  expect(over).toContain(`"limit":${limit}`)
})

test('the same holds for a request of the desktop', async () => {
  const request = (size: number) =>
    fromRequest(new Request('http://x/', { method: 'POST', body: new Uint8Array(size) }))
  for (const size of [0, limit - 1, limit]) expect(await taken(request(size))).toBe(size)
  await expect(taken(request(limit + 1))).rejects.toMatchObject({ type: 'PayloadTooLarge', metadata: { limit } })
})
