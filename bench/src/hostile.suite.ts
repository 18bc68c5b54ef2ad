import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { startPostgres } from '@steward/db/testing'
import { kinds, openTestServer, type Hostile, type TestServer } from '@steward/server/hostile'
import { at, milliseconds, print, type Line } from './figures.ts'
import type { Fixture } from './fixture.ts'

/** Milliseconds that an honest call may take beside anything. */
const bar = 150

interface Honest {
  /** The times of the calls since the last question, milliseconds. */
  times(): Promise<number[]>
  stop(): Promise<unknown>
}

function startHonest({ url, honest }: TestServer): Honest {
  const worker = new Worker(new URL('honest.worker.ts', import.meta.url), {
    workerData: { url: `${url}/v1/admin/account/me`, headers: honest },
  })
  return {
    async times() {
      worker.postMessage('take', [])
      const [taken] = (await once(worker, 'message')) as [number[]]
      return taken
    },
    stop: () => worker.terminate(),
  }
}

/** An honest call beside each hostile one, with the CPU time that it cost the server. */
async function beside(testServer: TestServer, honest: Honest, hostile: Hostile): Promise<Line & { slowest: number }> {
  await honest.times()
  const before = await testServer.usage()
  await hostile.send(testServer)
  const after = await testServer.usage()
  // The call that began last may have waited longest.
  await sleep(50)
  const times = await honest.times()
  const slowest = Math.max(...times)
  const cpu = `${milliseconds(after.loop - before.loop)} of the loop, ${milliseconds(after.process - before.process)} of all`
  return {
    name: hostile.name,
    figure: `p99 ${milliseconds(at(times, 0.99))}, most ${milliseconds(slowest)}; CPU ${cpu}`,
    goal: `under ${bar} ms`,
    met: slowest < bar,
    slowest,
  }
}

/** What signing up needs is loaded by the first who does, once in the life of a server. */
async function signUpOnce({ stranger }: TestServer): Promise<void> {
  const person = { email: 'first@example.org', name: 'First', password: 'a sentence is easiest to keep' }
  const headers = { 'content-type': 'application/json' }
  await stranger({ method: 'POST', path: '/trpc/me.signUp', headers, body: JSON.stringify(person) })
}

/** What hostile callers cost an honest one. The server is a fresh one: what they leave behind is not for the others. */
export function hostileSuite(_fixture: Fixture): Promise<void> {
  return measured(() => openTestServer({ STEWARD_LOG_LEVEL: 'error' }))
}

/** The same over a PostgreSQL of its own, which keeps every commit as in production. */
export async function hostilePostgresSuite(_fixture: Fixture): Promise<void> {
  const postgres = await startPostgres({ durable: true })
  try {
    await measured(() => openTestServer({ STEWARD_LOG_LEVEL: 'error', STEWARD_DATABASE_URL: postgres.url }))
  } finally {
    await postgres.remove()
  }
}

async function measured(open: () => Promise<TestServer>): Promise<void> {
  const testServer = await open()
  await signUpOnce(testServer)
  const honest = startHonest(testServer)
  const all: number[] = []
  try {
    await sleep(1000)
    const alone = await honest.times()
    console.log(
      `\nAn honest call alone: p99 ${milliseconds(at(alone, 0.99))}, most ${milliseconds(Math.max(...alone))}`,
    )
    for (const [kind, cases] of Object.entries(kinds)) {
      const lines: Line[] = []
      for (const hostile of cases) {
        const { slowest, ...line } = await beside(testServer, honest, hostile)
        all.push(slowest)
        lines.push(line)
      }
      print(`An honest call beside hostile ${kind}`, lines)
    }
    console.log(`\nThe slowest honest call of all: ${milliseconds(Math.max(...all))}`)
  } finally {
    await honest.stop()
    await testServer.close()
  }
}
