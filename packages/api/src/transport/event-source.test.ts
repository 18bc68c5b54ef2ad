import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEventSource } from './event-source.ts'

/** What a page gets of a stream that comes in these pieces and then ends; and what it asks with when it comes back. */
async function received(pieces: readonly string[]) {
  const bytes = new TextEncoder()
  const asked: (string | null)[] = []
  const back = Promise.withResolvers<void>()
  const fetched = async (_: string, { headers, signal }: RequestInit): Promise<Response> => {
    asked.push(new Headers(headers).get('last-event-id'))
    if (asked.length > 1) {
      back.resolve()
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('ended'))))
    }
    const body = new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(bytes.encode(piece))
        controller.close()
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
  const events: string[] = []
  const source = new (createEventSource(fetched))('http://h/stream')
  const note = ({ type, data, lastEventId }: MessageEvent) => events.push(`${type} ${lastEventId} ${String(data)}`)
  for (const type of ['message', 'change']) source.addEventListener(type, (event) => note(event as MessageEvent))
  await back.promise
  source.close()
  return { events, asked: asked[1] }
}

const stream = [
  'retry: 1',
  ': a comment',
  'id: 1',
  'data: one',
  '',
  'event: change',
  'id: 2',
  'data: {"line": "é ☃"}',
  'data:  and a second',
  '',
  'id: 3',
  '',
  'data',
  '',
  'data: never ended',
]

test('reads every kind of line, and comes back with the last id it was told', async () => {
  expect(await received([stream.join('\n')])).toEqual({
    events: ['message 1 one', 'change 2 {"line": "é ☃"}\n and a second', 'message 3 '],
    asked: '3',
  })
})

test('reads the same in whatever pieces it comes, with whatever ends of lines', async () => {
  const whole = await received([stream.join('\n')])
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('\n', '\r', '\r\n'),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (end, lengths) => {
        let rest = stream.join(end)
        const pieces: string[] = []
        for (let i = 0; rest !== ''; i += 1) {
          const length = lengths[i % lengths.length] ?? 1
          pieces.push(rest.slice(0, length))
          rest = rest.slice(length)
        }
        expect(await received(pieces)).toEqual(whole)
      },
    ),
    { numRuns: 60 },
  )
})
