import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hangUp, send, type Reply, type Sent } from './wire.testing.ts'

/** A live server with what hostile callers are after. */
export interface TestServer {
  url: string
  workspaceId: string
  botId: string
  /** A bot whose document is as large as it may be. */
  largeBotId: string
  /** The path of a signed link to five megabytes. */
  download: string
  owner: Record<string, string>
  /** Another credential of the owner's, for who calls beside. */
  honest: Record<string, string>
  /** A bot's own key: it opens nothing of the admin API. */
  botKey: Record<string, string>
  /** Sends as the owner, in the workspace, unless other headers are given. */
  ask: (sent: Sent) => Promise<Reply>
  /** Sends without any credential. */
  stranger: (sent: Sent) => Promise<Reply>
  usage(): Promise<Usage>
  close(): Promise<void>
}

/** What the process has used so far, by its own metrics. */
export interface Usage {
  /** Milliseconds of CPU: of the thread that answers, and of all threads. */
  loop: number
  process: number
  /** Resident memory, megabytes. */
  memory: number
}

const json = { 'content-type': 'application/json' }
const program = fileURLToPath(new URL('../main.ts', import.meta.url))

/** Starts a server in a process of its own, over SQLite, without a limit on the number of calls unless one is told. */
export async function openTestServer(environment: Record<string, string> = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-hostile-'))
  const child = spawn(process.execPath, [program], {
    env: {
      STEWARD_DATA: join(folder, 'data'),
      STEWARD_PORT: '0',
      STEWARD_RATE_LIMIT: '0',
      STEWARD_METRICS: 'on',
      STEWARD_SIGN_UP: 'open',
      ...environment,
    },
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log = (log + text).slice(-20_000)))
  const exit = once(child, 'close')
  const { url, token } = await new Promise<{ url: string; token: string }>((resolve, reject) => {
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
      const address = /Address +(http\S+)/.exec(out)?.[1]
      const first = /bp_pat_[0-9A-Za-z]{49}/.exec(out)?.[0]
      if (address !== undefined && first !== undefined && out.includes('Ctrl-C'))
        resolve({ url: address, token: first })
    })
    void exit.then(() => reject(new Error(`The server ended:\n${out}\n${log}`)))
  })
  const close = async (): Promise<void> => {
    hangUp()
    child.kill('SIGKILL')
    await exit
    rmSync(folder, { recursive: true, force: true })
  }
  return { url, close, usage: () => usageOf(url), ...(await signedIn(url, token)) }
}

async function signedIn(url: string, token: string) {
  const bearer = { authorization: `Bearer ${token}` }
  const stranger = (sent: Sent): Promise<Reply> => send(url, sent)
  const good = async <T>(sent: Sent): Promise<T> => {
    const { status, text } = await send(url, sent)
    if (status !== 200) throw new Error(`${sent.path}: ${status} ${text}`)
    return JSON.parse(text) as T
  }
  const { workspaces } = await good<{ workspaces: { id: string }[] }>({ path: '/v1/admin/workspaces', headers: bearer })
  const workspaceId = workspaces[0]?.id ?? ''
  const owner = { ...bearer, 'x-workspace-id': workspaceId }
  const sendTo =
    (method: string) =>
    <T>(path: string, body: object): Promise<T> =>
      good({ method, path, headers: { ...owner, ...json }, body: JSON.stringify(body) })
  const [post, put] = [sendTo('POST'), sendTo('PUT')]
  const { bot } = await post<{ bot: { id: string } }>('/v1/admin/bots', {
    name: 'target',
    code: 'x'.repeat(5_000_000),
  })
  const { bot: large } = await post<{ bot: { id: string } }>('/v1/admin/bots', { name: 'large' })
  for (const part of largeDocument()) await put(`/v1/admin/bots/${large.id}`, part)
  const key = await post<{ value: string }>('/v1/admin/bots/baks', { botId: bot.id })
  const { version } = await post<{ version: { id: string } }>(`/v1/admin/bots/${bot.id}/versions`, { name: '1' })
  const link = await good<{ url: string }>({ path: `/v1/admin/bots/${bot.id}/versions/${version.id}`, headers: owner })
  const { pathname, search } = new URL(link.url)
  const { pat } = await post<{ pat: { value: string } }>('/v1/admin/account/pats', { note: 'honest' })
  // The sign-in library is loaded by the first who needs it, which is no caller's fault.
  await stranger({ path: '/auth/get-session' })
  return {
    workspaceId,
    botId: bot.id,
    largeBotId: large.id,
    download: pathname + search,
    owner,
    honest: { authorization: `Bearer ${pat.value}` },
    botKey: { authorization: `Bearer ${key.value}`, 'x-workspace-id': workspaceId },
    stranger,
    ask: ({ headers, ...sent }: Sent): Promise<Reply> =>
      send(url, { ...sent, headers: { ...(sent.body === undefined ? {} : json), ...(headers ?? owner) } }),
  }
}

/** Just under the megabyte that a document may have, of as many small values as it takes, in calls that each may be sent. */
function largeDocument(): object[] {
  const attributes = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`a${i}`, 'x'.repeat(6)]))
  const action = { input: { schema: {} }, output: { schema: {} }, attributes }
  return [0, 160, 320].map((from) => ({
    actions: Object.fromEntries(Array.from({ length: 160 }, (_, i) => [`act${from + i}`, action])),
  }))
}

async function usageOf(url: string): Promise<Usage> {
  const { text } = await send(url, { path: '/metrics' })
  const figure = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  return {
    loop: figure('steward_event_loop_cpu_seconds_total') * 1000,
    process: figure('process_cpu_seconds_total') * 1000,
    memory: figure('process_resident_memory_bytes') / 1e6,
  }
}
