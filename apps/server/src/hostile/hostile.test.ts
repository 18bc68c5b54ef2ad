import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kinds, openTestServer, type TestServer } from './kinds.testing.ts'
import { labelOf } from './wire.testing.ts'

// What they cost is CPU time of the server, by its own count: a busy machine adds little to it, and no clock is asked.

let testServer: TestServer
beforeAll(async () => {
  testServer = await openTestServer()
  // What runs for the first time is compiled first.
  for (let round = 0; round < 20; round++) await testServer.ask({ path: `/v1/admin/bots/${testServer.botId}` })
})
afterAll(() => testServer.close())

describe.each(Object.entries(kinds))('hostile %s', (_kind, cases) => {
  test.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, hostile) => {
    const before = await testServer.usage()
    const replies = await hostile.send(testServer)
    const after = await testServer.usage()
    const got = new Set(replies.map(labelOf))
    if (process.env['STEWARD_HOSTILE_FIGURES'])
      console.log(
        `${hostile.name}: ${[...got].join(', ')}; loop ${Math.round(after.loop - before.loop)}, process ${Math.round(after.process - before.process)}, memory ${Math.round(after.memory - before.memory)} → ${Math.round(after.memory)}`,
      )
    expect([...got].filter((label) => !hostile.answers.includes(label))).toEqual([])
    expect([...got]).toEqual(expect.arrayContaining([...(hostile.seen ?? [])]))
    const { loop = 250, process: all = 600, memory = 120 } = hostile
    expect(after.loop - before.loop).toBeLessThan(loop)
    expect(after.process - before.process).toBeLessThan(all)
    expect(after.memory - before.memory).toBeLessThan(memory)
  })
})

test('the server has stood it all, and its memory with it', async () => {
  const { status } = await testServer.ask({ path: `/v1/admin/bots/${testServer.botId}` })
  expect(status).toBe(200)
  expect((await testServer.usage()).memory).toBeLessThan(900)
})
