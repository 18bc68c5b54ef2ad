import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@steward/api/client'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'

/*
 * The programs are run as a stranger runs them: a server started as `npm start` starts it, the token that it prints.
 */

const folder = mkdtempSync(join(tmpdir(), 'steward-examples-'))
const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The environment without settings of whoever runs the tests. */
const bare = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('STEWARD_')))

let server: ChildProcess
let printed = ''
let url = ''
let token = ''

beforeAll(async () => {
  const env = { ...bare, STEWARD_DATA: folder, STEWARD_PORT: '0', STEWARD_LOG_LEVEL: 'error' }
  server = spawn(process.execPath, [fileOf('../apps/server/src/main.ts')], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let complaints = ''
  server.stderr?.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
  await new Promise<void>((resolve, reject) => {
    server.once('exit', () => reject(new Error(`The server ended: ${complaints}`)))
    server.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      if (printed.includes('Ctrl-C')) resolve()
    })
  })
  url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0] ?? ''
  token = /bp_pat_\w+/.exec(printed)?.[0] ?? ''
})

afterAll(async () => {
  if (server.exitCode === null) {
    server.kill()
    await once(server, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
})

interface Ran {
  code: number | null
  out: string
  err: string
}

/** Runs one of the programs to its end. */
async function run(program: string, args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [fileOf(program), ...args], { env: { ...bare, ...env } })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

describe('the server as it is started', () => {
  test('says where it listens and prints a first token', () => {
    expect(url).not.toBe('')
    expect(token).toMatch(/^bp_pat_[0-9A-Za-z]{20,}$/)
  })
})

describe('rest.ts, with the official client', () => {
  test('does all it says and leaves nothing behind', async () => {
    const { code, out, err } = await run('rest.ts', [], { STEWARD_URL: url, STEWARD_TOKEN: token })
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toMatch(/^Added a member +colleague@example\.org as developer, who has still to join$/m)
    expect(out).toMatch(/^Deployed a bundle +10 MB in [\d.]+ s, at \d{4}-.*Z$/m)
    expect(out).toMatch(/^Went back to it +events: greeted; archive equals the bundle$/m)
    expect(out).toMatch(/^Listed bots +13, five to a page, newest first: worker 12 … greeter$/m)
    expect(out).toMatch(/^Deleted the bot +reading it now: 404 ResourceNotFound \(err_\w+\)$/m)
    expect(await workspaces()).not.toContain('REST example')
  })
})

describe('trpc.ts, with the typed client', () => {
  test('does all it says and leaves nothing behind', async () => {
    const { code, out, err } = await run('trpc.ts', [url, token])
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toMatch(/^Invited +colleague@example\.org as viewer, until \d{4}-/m)
    expect(out).toMatch(/version\.list +viewer .*owner$/m)
    expect(out).toMatch(/version\.deploy +- .*owner$/m)
    expect(out).toMatch(/^May I transfer bots\? +yes: /m)
    expect(out).toMatch(/^Deployed a bundle +10 MB$/m)
    expect(out).toMatch(/^1\.0\.0 → 1\.1\.0 +code 10000000 → 34 bytes$/m)
    expect(out).toMatch(/configuration\.data\.greeting: "Hello!" → "Good evening!"$/m)
    expect(out).toMatch(/^Rolled back +to 10000000 bytes of code, the same as 1\.0\.0: true$/m)
    expect(out).toMatch(/^ +rollback +Deployed \S+ too formal$/m)
    expect(out).toMatch(/^A race that is lost +409 RelationConflict: /m)
    expect(out).toMatch(/^A wrong type +400 InvalidPayload: "name": /m)
    expect(out).toMatch(/^Audit trail +unbroken: \d+ records, head [0-9a-f]{12}…$/m)
    expect(await workspaces()).not.toContain('tRPC example')
  })

  test('its types come from the server without a generator', () => {
    const client = createClient({ url, token })
    type Bot = Awaited<ReturnType<typeof client.bot.get.query>>['bot']
    expectTypeOf<Bot['secrets']>().toEqualTypeOf<string[]>()
    expectTypeOf<Bot['status']>().toEqualTypeOf<'active' | 'deploying' | 'deleting'>()
    expectTypeOf<Parameters<typeof client.version.diff.query>[0]['from']>().toEqualTypeOf<string>()
  })
})

describe.each(['rest.ts', 'trpc.ts'])('%s', (program) => {
  test('says plainly what is wrong with a token', async () => {
    const { code, out, err } = await run(program, [url, 'bp_pat_wrong'])
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^Refused: 401 Unauthorized: .* \(err_\w+\)\n$/)
  })

  test('tells how it is used', async () => {
    expect(await run(program, [])).toEqual({ code: 2, out: '', err: expect.stringMatching(/^Usage: /) })
  })

  test('imports what a stranger has', () => {
    const imports = [...readFileSync(fileOf(program), 'utf8').matchAll(/from '([^']+)'/g)].map(([, name]) => name)
    expect(imports.length).toBeGreaterThan(0)
    for (const name of imports) expect(name).toMatch(/^(@botpress\/client|@steward\/api\/client|node:.+)$/)
  })
})

async function workspaces(): Promise<string[]> {
  const { workspaces: found } = await createClient({ url, token }).workspace.list.query({ pageSize: 100 })
  return found.map(({ name }) => name)
}
