import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, connect, type AddressInfo } from 'node:net'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openStores, type OpenOptions } from '@steward/db'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startMailServer } from './mail/mail.testing.ts'
import { freshInstallation, serveIn, start, tokenIn, type Env } from './process.testing.ts'

const engines = ['sqlite', 'postgres'] as const

interface Answer {
  status: number
  body: { workspaces?: { name: string }[]; id?: string; token?: string; type?: string }
}

async function api(url: string, path: string, init: RequestInit & { token?: string } = {}): Promise<Answer> {
  const { token, ...rest } = init
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const response = await fetch(`${url}${path}`, { headers, ...rest })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}

const placeOf = (env: Env): OpenOptions =>
  env['STEWARD_DATABASE_URL'] ? { url: env['STEWARD_DATABASE_URL'] } : { folder: env['STEWARD_DATA'] ?? '' }

describe.each(engines)('serve on %s', (engine) => {
  test('the first start prints a token and a code, the second only a code, and after the claim none', async () => {
    const env = await freshInstallation(engine)
    const first = await serveIn(env)
    const token = tokenIn(first.out())
    expect(first.out().split(token)).toHaveLength(2)
    expect(first.out()).toContain(
      engine === 'sqlite' ? `${env['STEWARD_DATA']} (embedded SQLite)` : 'PostgreSQL at 127.0.0.1',
    )
    expect(await api(first.url, '/v1/admin/workspaces', { token })).toMatchObject({ status: 200 })
    expect(await api(first.url, '/ready')).toMatchObject({ status: 200 })
    first.process.kill('SIGTERM')
    expect(await first.exit).toBe(0)

    const second = await serveIn(env)
    expect(second.out()).not.toContain('bp_pat_')
    const code = /stw_set_[0-9A-Za-z]{49}/.exec(second.out())?.[0] ?? ''
    const person = { email: 'owner@example.org', name: 'Owner', password: 'correct horse battery' }
    const claimed = await api(second.url, '/trpc/setup.claim', {
      method: 'POST',
      body: JSON.stringify({ code, ...person }),
    })
    expect(claimed.status).toBe(200)
    expect(await api(second.url, '/v1/admin/workspaces', { token })).toMatchObject({ status: 401 })
    second.process.kill('SIGINT')
    expect(await second.exit).toBe(0)

    const third = await serveIn(env)
    expect(third.out()).not.toMatch(/bp_pat_|stw_set_|Nobody owns/)
    third.process.kill('SIGTERM')
    await third.exit
    for (const log of [first.err(), second.err(), third.err()]) expect(log).not.toMatch(/bp_pat_\w|stw_set_\w|battery/)
  })

  test('a database of a newer version is refused with exit code 3 and plain words', async () => {
    const env = await freshInstallation(engine)
    const before = await serveIn(env)
    before.process.kill('SIGTERM')
    await before.exit
    const stores = await openStores(placeOf(env))
    const row = { name: '9999_future', applied_at: '2026-01-01T00:00:00.000Z' }
    await stores.main.write((tx) =>
      tx
        .insertInto('schema_migration' as 'lane')
        .values(row as never)
        .execute(),
    )
    await stores.close()
    const child = start('main.ts', [], env)
    expect(await child.exit).toBe(3)
    expect(child.err()).toContain('newer version of Steward')
    expect(child.err()).not.toContain('    at ')
  })

  test('SIGTERM during writes: every answer that was promised comes, and what was acknowledged is there', async () => {
    const env = await freshInstallation(engine)
    const server = await serveIn(env)
    const token = tokenIn(server.out())
    const acknowledged: string[] = []
    const lost: string[] = []
    let stopping = false
    const writer = async (who: number): Promise<void> => {
      const own = new Agent({ keepAlive: true, maxSockets: 1 })
      for (let i = 0; ; i++) {
        const name = `w${who}-${i}`
        const outcome = await create({ url: server.url, agent: own, token, name })
        if (outcome === 200) acknowledged.push(name)
        else if (outcome === 'ECONNREFUSED' && stopping) break
        else {
          lost.push(`${name}: ${outcome}`)
          break
        }
      }
      own.destroy()
    }
    const writers = [1, 2, 3, 4].map(writer)
    // A request whose body is still on its way when the signal comes.
    const slow = slowCreate(server.url, token)
    while (acknowledged.length < 20) await sleep(5)
    stopping = true
    server.process.kill('SIGTERM')
    await sleep(100)
    expect(await slow.finish()).toContain('HTTP/1.1 200')
    await Promise.all(writers)
    expect(lost).toEqual([])
    expect(await server.exit).toBe(0)

    const stores = await openStores(placeOf(env))
    const rows = await stores.main.reader.selectFrom('workspace').select('name').execute()
    await stores.close()
    const names = rows.map((row) => row.name)
    expect(names).toEqual(expect.arrayContaining([...acknowledged, 'slow one']))
  })
})

interface Creation {
  url: string
  agent: Agent
  token: string
  name: string
}

/** The status, or the code of what broke. */
function create({ url, agent, token, name }: Creation): Promise<number | string> {
  return new Promise((resolve) => {
    const sent = request(`${url}/v1/admin/workspaces`, {
      method: 'POST',
      agent,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    })
    sent.on('response', (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
      response.on('error', (error) => resolve(error.message))
    })
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    sent.end(JSON.stringify({ name }))
  })
}

/** Sends the head and half of the body now, the rest when told. */
function slowCreate(url: string, token: string): { finish(): Promise<string> } {
  const { hostname, port } = new URL(url)
  const body = JSON.stringify({ name: 'slow one' })
  const socket = connect(Number(port), hostname).setEncoding('latin1')
  let got = ''
  socket.on('data', (text: string) => (got += text))
  const ended = once(socket, 'close')
  socket.write(
    `POST /v1/admin/workspaces HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
  )
  return {
    async finish() {
      socket.write(body.slice(5))
      await ended
      return got
    },
  }
}

test('logs no secret even at the most talkative level', async () => {
  const env: Env = { ...(await freshInstallation()), STEWARD_LOG_LEVEL: 'trace' }
  const server = await serveIn(env)
  const token = tokenIn(server.out())
  const made = await api(server.url, '/v1/admin/account/pats', { method: 'POST', token, body: '{"note":"n"}' })
  const second = JSON.stringify(made.body).match(/bp_pat_\w+/)?.[0] ?? 'none'
  expect(second).toHaveLength(56)
  await api(server.url, `/v1/admin/bots/${second}`, { token: second })
  await api(server.url, `/v1/admin/bots?tags%5Bx%5D=${token}`, { token: `${token}x` })
  await api(server.url, '/trpc/setup.claim', { method: 'POST', body: '{"code":"x","password":"hunter2 hunter2"' })
  server.process.kill('SIGTERM')
  await server.exit
  expect(server.err()).toContain('"level":"info"')
  for (const secret of [
    token,
    second,
    'hunter2',
    readFileSync(join(env['STEWARD_DATA'] ?? '', 'secret.key'), 'utf8').trim(),
  ])
    expect(server.err()).not.toContain(secret)
})

test('wrong settings: exit code 2, all of them in plain words, and nothing is made', async () => {
  const env: Env = { ...(await freshInstallation()), STEWARD_PORT: 'x', STEWARD_LOG_LEVEL: 'loud' }
  const child = start('main.ts', [], env)
  expect(await child.exit).toBe(2)
  expect(child.err()).toMatch(/STEWARD_PORT must be a port[^]*STEWARD_LOG_LEVEL must be one of/)
  expect(child.err()).not.toContain('    at ')
  expect(existsSync(env['STEWARD_DATA'] ?? '')).toBe(false)
})

test.each(['--version', 'doctor', ''])('an argument is refused in words: %j', async (argument) => {
  const env = await freshInstallation()
  const child = start('main.ts', [argument], env)
  expect(await child.exit).toBe(2)
  expect(child.err()).toContain(`takes no arguments, and ${JSON.stringify(argument)} is one`)
  expect(existsSync(env['STEWARD_DATA'] ?? '')).toBe(false)
})

test('a host that is not known: exit code 4, and the setting is named', async () => {
  const env: Env = { ...(await freshInstallation()), STEWARD_HOST: 'nowhere.invalid' }
  const child = start('main.ts', [], env)
  expect(await child.exit).toBe(4)
  expect(child.err()).toContain('STEWARD_HOST "nowhere.invalid" is not known')
  expect(existsSync(env['STEWARD_DATA'] ?? '')).toBe(false)
})

test('a taken port: exit code 4, and the data folder is not touched', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  const env: Env = { ...(await freshInstallation()), STEWARD_PORT: String((other.address() as AddressInfo).port) }
  const child = start('main.ts', [], env)
  expect(await child.exit).toBe(4)
  expect(child.err()).toContain('is in use by another program')
  expect(existsSync(env['STEWARD_DATA'] ?? '')).toBe(false)
})

test('a Postgres that does not answer: exit code 3, without its password', async () => {
  const free = createServer().listen(0, '127.0.0.1')
  await once(free, 'listening')
  const { port } = free.address() as AddressInfo
  free.close()
  const url = `postgres://steward:hunter2@127.0.0.1:${port}/steward`
  const child = start('main.ts', [], { ...(await freshInstallation()), STEWARD_DATABASE_URL: url })
  expect(await child.exit).toBe(3)
  expect(child.err()).toContain('STEWARD_DATABASE_URL')
  expect(child.err()).not.toContain('hunter2')
})

test('makes its key file for itself alone, and does not make another when it is lost', async () => {
  const env = await freshInstallation()
  const file = join(env['STEWARD_DATA'] ?? '', 'secret.key')
  const first = await serveIn(env)
  first.process.kill('SIGTERM')
  await first.exit
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
  rmSync(file)
  const child = start('main.ts', [], env)
  expect(await child.exit).toBe(2)
  expect(child.err()).toContain('secret.key is missing')
  expect(existsSync(file)).toBe(false)
})

test('a second signal a while after the first ends at once', async () => {
  const env = await freshInstallation()
  const server = await serveIn(env)
  const slow = slowCreate(server.url, tokenIn(server.out()))
  await sleep(100)
  server.process.kill('SIGTERM')
  await sleep(100)
  server.process.kill('SIGTERM')
  await sleep(1100)
  expect(server.process.exitCode).toBeNull()
  server.process.kill('SIGTERM')
  // After the grace it would be 0.
  expect(await server.exit).toBe(143)
  expect(await slow.finish()).toBe('')
})

test('counts requests by procedure for whoever watches', async () => {
  const mail = await startMailServer()
  onTestFinished(() => mail.close())
  const sending = { STEWARD_SMTP_URL: mail.url, STEWARD_MAIL_FROM: 'Steward <s@example.org>' }
  const server = await serveIn({ ...(await freshInstallation()), ...sending, STEWARD_METRICS: 'on' })
  const token = tokenIn(server.out())
  const metrics = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text()
  await api(server.url, '/v1/admin/workspaces', { token })
  await api(server.url, '/v1/admin/no/such/thing', { token })
  const made = await api(server.url, '/v1/admin/workspaces', { method: 'POST', token, body: '{"name":"m"}' })
  const invitation = await fetch(`${server.url}/v1/steward/invitations`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'x-workspace-id': made.body.id ?? '',
    },
    body: JSON.stringify({ email: 'ada@example.org', role: 'viewer', sendEmail: true }),
  })
  expect(invitation.status).toBe(200)
  await expect.poll(metrics).toContain('steward_mails_total{outcome="sent"} 1')
  const found = await metrics()
  expect(found).toContain('steward_requests_total{operation="workspace.list",status="200"} 1')
  expect(found).toContain('steward_requests_total{operation="(none)",status="404"} 1')
  expect(found).toMatch(/steward_write_seconds_count\{store="main",phase="run"\} [1-9]/)
  expect(found).toMatch(/steward_requests_under_way 1\n/)
  expect(found).toMatch(/steward_body_bytes 0\n/)
  expect(found).toMatch(/steward_unnamed_blob_bytes 0\n/)
  expect(found).toContain('nodejs_eventloop_lag_seconds')
  server.process.kill('SIGTERM')
  await server.exit
})

test('gives nobody its figures unless it is told to', async () => {
  const server = await serveIn(await freshInstallation())
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404)
  server.process.kill('SIGTERM')
  await server.exit
})

test('limits a caller who asks too often, and says when to come back', async () => {
  const server = await serveIn({ ...(await freshInstallation()), STEWARD_RATE_LIMIT: '1' })
  const token = tokenIn(server.out())
  const answers = await Promise.all(
    Array.from({ length: 12 }, () =>
      fetch(`${server.url}/v1/admin/workspaces`, { headers: { authorization: `Bearer ${token}` } }),
    ),
  )
  const refused = answers.filter((answer) => answer.status === 429)
  expect(refused.length).toBeGreaterThanOrEqual(1)
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  expect(answers[0]?.headers.get('ratelimit-limit')).toBe('10')
  server.process.kill('SIGTERM')
  await server.exit
})
