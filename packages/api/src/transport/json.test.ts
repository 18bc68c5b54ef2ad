import { afterEach, describe, expect, it } from 'vitest'
import { codeBody, definitionBody, plainBody } from '../core/body-limits.ts'
import type { JsonReader, JsonReaderOptions } from './json.ts'
import { createJsonReader } from './json.ts'
import type { Shape } from './json-scan.ts'

const mebibyte = 1024 * 1024
const readers: JsonReader[] = []
afterEach(async () => {
  for (const reader of readers.splice(0)) await reader.close()
})

function reading(options: JsonReaderOptions = {}) {
  const reader = createJsonReader(options)
  readers.push(reader)
  return (body: string | Uint8Array, { limits = codeBody, shape = everything, caller = 'me' } = {}) =>
    reader.read(typeof body === 'string' ? new TextEncoder().encode(body) : body, {
      limits,
      shape: () => shape,
      caller,
    })
}

const everything: Shape = true
const long = 'x'.repeat(2 * mebibyte)
const list = (items: number): string => `[${'1,'.repeat(items - 1)}1]`

describe('bodies of JSON', () => {
  it('hold so many values, whatever their size', async () => {
    const read = reading()
    const most = plainBody.values - 1
    expect(await read(list(most))).toHaveLength(most)
    expect(await read(`[${'100000,'.repeat(most - 1)}1]`)).toHaveLength(most)
    expect(await read(`["${long}",${'1,'.repeat(most - 2)}1]`)).toHaveLength(most)
    for (const body of [list(most + 2), `["${long}",${list(most)}]`])
      await expect(read(body)).rejects.toMatchObject({ type: 'LimitExceeded' })
  })

  it('may hold any number of bytes under keys that are not declared', async () => {
    const read = reading()
    const shape: Shape = { keys: { plugins: { keys: {}, rest: { keys: { id: true }, rest: false } } }, rest: false }
    const code = JSON.stringify({ type: 'Buffer', data: Array<number>(500_000).fill(200) })
    for (const count of [1, 4]) {
      const all = Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, 0]))
      const body = JSON.stringify({ plugins: all }).replaceAll(':0', `:{"id":"x","code":${code}}`)
      const { plugins } = (await read(body, { shape })) as { plugins: Record<string, object> }
      expect(Object.values(plugins)).toEqual(Array.from({ length: count }, () => ({ id: 'x', '': 0 })))
    }
  })

  it('may hold more values where the procedure takes a definition', async () => {
    const read = reading()
    const limits = definitionBody
    expect(await read(list(100_000), { limits })).toHaveLength(100_000)
    expect(await read(`["${long}",${list(399_000)}]`, { limits })).toHaveLength(2)
    await expect(read(list(400_001), { limits })).rejects.toMatchObject({ metadata: { values: 400_000 } })
  })

  it('that cannot be read are refused, and the next one is read', async () => {
    const read = reading()
    await expect(read('['.repeat(mebibyte) + ']'.repeat(mebibyte))).rejects.toMatchObject({ type: 'LimitExceeded' })
    for (const body of [`{"a":"${long}"`, `"${long.slice(0, 50_000)}`, '{'])
      await expect(read(body)).rejects.toMatchObject({ type: 'InvalidPayload' })
    for (const start of [`"${long}`, '"'])
      await expect(read(Buffer.concat([Buffer.from(start), Buffer.from([0xff, 0x22])]))).rejects.toMatchObject({
        type: 'InvalidPayload',
      })
    const parsed = (await read(`{"a":"${long}","__proto__":{"b":1}}`)) as Record<string, unknown>
    expect([parsed['a'], Object.getPrototypeOf(parsed)]).toEqual([long, Object.prototype])
  })

  it('that exhaust their thread end alone: those that wait are read', async () => {
    const read = reading({ threads: 1, memory: 16 })
    const guilty = `["${long}",${'[{}],'.repeat(190_000)}1]`
    const honest = JSON.stringify({ code: 'x'.repeat(1.1 * mebibyte) })
    const all = await Promise.allSettled([
      read(honest),
      read(guilty, { caller: 'stranger', limits: definitionBody }),
      ...Array.from({ length: 5 }, () => read(honest)),
    ])
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', ...Array<string>(5).fill('fulfilled')])
    expect(all[1]).toMatchObject({ reason: { type: 'LimitExceeded' } })
  })

  it('that take too long end alone', async () => {
    const read = reading({ threads: 1, timeLimit: 0 })
    await expect(read(JSON.stringify({ code: long }))).rejects.toMatchObject({ type: 'LimitExceeded' })
    const patient = reading({ threads: 1 })
    expect(await patient(JSON.stringify({ code: 'y'.repeat(2 * mebibyte) }))).toHaveProperty('code')
  })

  it('of one caller leave a thread to the others', async () => {
    const read = reading({ threads: 2 })
    const done: string[] = []
    const noted = async (caller: string, body: string): Promise<void> => {
      await read(body, { caller })
      done.push(caller)
    }
    const large = JSON.stringify({ code: 'x'.repeat(8 * mebibyte) })
    const flood = Array.from({ length: 6 }, () => noted('flood', large))
    await noted('honest', JSON.stringify({ code: long }))
    expect(done.filter((caller) => caller === 'flood').length).toBeLessThan(4)
    await Promise.all(flood)
  })
})
