import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, type ClientProps } from '@botpress/client'
import { storesOf } from '@steward/api/server'
import type { MainSchema, Tx } from '@steward/db'
import { freshDatabase } from '@steward/db/testing'
import { afterAll, beforeAll, describe, vi } from 'vitest'
import { createLog, readConfig, type RunningServer, startServer } from '@steward/server/testing'
import { checked } from './contract.testing.ts'

// Tens of megabytes and two databases on a busy machine take their time; what is slow is found by `npm run bench`.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

export type Engine = RunningServer['engine']

/** Somebody with a token. */
export interface Person {
  userId: string
  email: string
  token: string
  /** The official client with their token, for one workspace or none. */
  client(workspaceId?: string): Client
}

/** A running server with its people. */
export interface TestServer {
  engine: Engine
  server: RunningServer
  /** Every operation that has answered a client of this server as the contract says. */
  driven: ReadonlySet<string>
  /** Who owns the installation, with the token of the first start. */
  owner: Person
  /** A new person who has signed up and whose address is confirmed. */
  stranger(): Promise<Person>
  /** The official client with other settings; its answers are checked too. */
  client(props: ClientProps): Client
  /** Changes the database behind the server's back: what operations of later issues will bring about. */
  arrange(change: (tx: Tx<MainSchema>) => Promise<unknown>): Promise<void>
  close(): Promise<void>
}

type Settings = Record<`STEWARD_${string}`, string>

/** Starts the real server on a free port over an empty database of its own. */
export async function openTestServer(engine: Engine, settings: Settings = {}): Promise<TestServer> {
  const database = await freshDatabase(engine, { empty: true })
  const folder = 'folder' in database.options ? database.options.folder : mkdtempSync(join(tmpdir(), 'steward-test-'))
  const environment = {
    STEWARD_PORT: '0',
    STEWARD_DATA: folder,
    STEWARD_LOG_LEVEL: 'error',
    STEWARD_SIGN_UP: 'open',
    STEWARD_RATE_LIMIT: '0',
    ...('url' in database.options ? { STEWARD_DATABASE_URL: database.options.url } : {}),
    ...settings,
  }
  const config = readConfig(environment, folder)
  const server = await startServer({ config, log: createLog(config) })
  const driven = new Set<string>()
  const client = (props: ClientProps): Client =>
    checked(new Client({ apiUrl: server.url, ...props }), (operationId) => driven.add(operationId))
  const person = (who: Omit<Person, 'client'>): Person => ({
    ...who,
    client: (workspaceId) => client({ token: who.token, ...(workspaceId === undefined ? {} : { workspaceId }) }),
  })
  const token = server.firstRun.token ?? ''
  const { account } = await new Client({ apiUrl: server.url, token }).getAccount({})
  let strangers = 0
  return {
    engine,
    server,
    driven,
    owner: person({ userId: account.id, email: account.email, token }),
    client,
    async stranger() {
      const email = `stranger${++strangers}@example.org`
      return person({ email, ...(await signedUp(server, email)) })
    },
    async arrange(change) {
      await storesOf(server.app).main.write(change)
    },
    async close() {
      await server.close(1000)
      await database.remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function signedUp({ api, app }: RunningServer, email: string): Promise<{ userId: string; token: string }> {
  const anybody = api.caller({ kind: 'anonymous' })
  const { userId } = await anybody.me.signUp({ email, name: 'A Stranger', password: 'correct horse battery' })
  // As an identity provider does that vouches for the address: an invitation by email then reaches its person at once.
  await storesOf(app).main.write((tx) =>
    tx.updateTable('user').set({ email_verified: 1 }).where('id', '=', userId).execute(),
  )
  const local = api.caller({ kind: 'user', userId, credential: { kind: 'local' } })
  const { pat } = await local.me.createToken({ note: 'conformance' })
  return { userId, token: pat.value }
}

/** Describes a suite twice: against a server on SQLite and one on Postgres. */
export function onBothEngines(
  name: string,
  suite: (testServer: () => TestServer) => void,
  settings: Settings = {},
): void {
  describe.each(['sqlite', 'postgres'] as const)(`${name} (%s)`, (engine) => {
    let testServer: TestServer
    beforeAll(async () => {
      testServer = await openTestServer(engine, settings)
    })
    afterAll(() => testServer.close())
    suite(() => testServer)
  })
}

/** A workspace of the owner's, with a client for it. */
export async function newWorkspace(
  testServer: TestServer,
  name = 'Conformance',
): Promise<{ id: string; client: Client }> {
  const { id } = await testServer.owner.client().createWorkspace({ name })
  return { id, client: testServer.owner.client(id) }
}
