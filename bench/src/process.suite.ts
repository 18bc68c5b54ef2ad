import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ready, somePort, startSteward, type Server } from './child.ts'
import { inTurn, median, megabytes, milliseconds, print } from './figures.ts'
import type { Fixture } from './fixture.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** From `npm start` to the first good answer, with everything installed and migrated. */
async function startTime(folder: string): Promise<number> {
  const port = somePort()
  const start = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: root,
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, STEWARD_PORT: String(port), STEWARD_DATA: folder },
  })
  await ready(port)
  const time = performance.now() - start
  const gone = new Promise((resolve) => child.once('exit', resolve))
  if (child.pid) process.kill(-child.pid, 'SIGTERM')
  await gone
  return time
}

/** JavaScript as bundlers write it: short lines, quotes and backslashes, about `bytes` long. */
export function bundle(bytes: number): string {
  const line =
    'export const handler_%d = async (event, ctx) => { log("handled \\"%d\\"\\n", `${event.id}`, /\\d+\\/x/.test(event.type)); return { ok: true } }\n'
  const parts: string[] = []
  for (let size = 0, n = 0; size < bytes; n++) {
    const text = line.replaceAll('%d', String(n))
    parts.push(text)
    size += text.length
  }
  return parts.join('').slice(0, bytes)
}

async function deploy(port: number, { fixture, n }: { fixture: Fixture; n: number }): Promise<number> {
  const body = JSON.stringify({ code: `// ${n}\n${bundle(10_000_000)}` })
  const start = performance.now()
  const answer = await fetch(`http://127.0.0.1:${port}/v1/admin/bots/${fixture.botId}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${fixture.token}`,
      'content-type': 'application/json',
      'x-workspace-id': fixture.small,
    },
    body,
  })
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`The deployment was refused with ${answer.status}.`)
  return performance.now() - start
}

/** CPU time that a server takes while nobody asks it anything, milliseconds per second. */
async function idleCpu(server: Server): Promise<number> {
  const seconds = 10
  const before = await server.cpu()
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  return ((await server.cpu()) - before) / 1000 / seconds
}

/** Start, idle memory and CPU time, and the deployment of a 10 MB bundle with the longest time it holds the event loop. */
export async function processSuite(fixture: Fixture): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-bench-start-'))
  await startTime(folder)
  const { start } = await inTurn(5, { start: () => startTime(folder) })
  rmSync(folder, { recursive: true, force: true })

  const steward = await startSteward(fixture)
  await new Promise((resolve) => setTimeout(resolve, 3_000))
  const memory = steward.memory()
  const idle = await idleCpu(steward)
  await deploy(steward.port, { fixture, n: -1 })
  const holds: number[] = []
  const times: number[] = []
  for (let n = 0; n < 5; n++) {
    await steward.longestHold()
    times.push(await deploy(steward.port, { fixture, n }))
    holds.push(await steward.longestHold())
  }
  await steward.stop()
  print('The process', [
    {
      name: 'npm start, warm, to the first answer',
      figure: milliseconds(median(start)),
      goal: 'under 1,500 ms',
      met: median(start) < 1_500,
    },
    { name: 'idle memory (resident)', figure: megabytes(memory), goal: 'under 200 MB', met: memory < 200e6 },
    { name: 'CPU time in one idle second', figure: milliseconds(idle), goal: 'under 1 ms', met: idle < 1 },
    {
      name: 'deploy of a 10 MB bundle',
      figure: milliseconds(median(times)),
      goal: 'under 1,000 ms',
      met: median(times) < 1_000,
    },
    {
      name: 'longest hold of the event loop in it',
      figure: milliseconds(Math.max(...holds)),
      goal: 'at most 50 ms',
      met: Math.max(...holds) <= 50,
    },
  ])
}
