import { expect, it } from 'vitest'
import { sha256 } from '../secrets.ts'
import { jsonOf, LongText } from './long-text.ts'

/** A text in a blob that comes in pieces of so many bytes. */
function textOf(text: string, piece = 3) {
  const bytes = Buffer.from(text)
  let asked = 0
  return {
    asked: () => asked,
    long: new LongText({
      hash: sha256(bytes),
      size: bytes.length,
      async *slices() {
        for (let at = 0; at < bytes.length; at += piece) {
          asked += 1
          yield bytes.subarray(at, at + piece)
        }
      },
    }),
  }
}

it('writes what JSON.stringify would, long texts in their places', async () => {
  const texts = ['say("ü 😀 \\ \u2028")\n', '', '"', 'x'.repeat(1000)]
  const value = (make: (text: string) => unknown) => [{ a: 1, code: make(texts[0] ?? '') }, ...texts.map(make)]
  const { body, size } = jsonOf(value((text) => textOf(text).long))
  expect(await new Response(body).text()).toBe(JSON.stringify(value((text) => text)))
  expect(size).toBeGreaterThan(1000)
  expect(jsonOf({ plain: 1 })).toEqual({ body: '{"plain":1}', size: 11 })
})

it('is made as it is read, and ends with its reader', async () => {
  const { long, asked } = textOf('x'.repeat(3000))
  const { body } = jsonOf({ code: long })
  const reader = (body as ReadableStream<Uint8Array>).getReader()
  expect(asked()).toBe(0)
  for (let i = 0; i < 3; i++) await reader.read()
  expect(asked()).toBeLessThan(5)
  await reader.cancel()
})

it('is not written by anybody else', () => {
  expect(() => JSON.stringify({ code: textOf('x').long })).toThrow('jsonOf')
})
