import { once } from 'node:events'
import { connect, createServer, Socket, type AddressInfo } from 'node:net'

import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'

import { CommitUnknown } from '../errors.ts'
import { migrate } from '../migrate.ts'
import { openStores } from './open.ts'
import type { Store, Stores, Tx } from '../store.ts'
import { freshDatabase, type TestDatabase } from '../databases.testing.ts'
import { openTestSchema, steps, thing, type TestSchema } from '../schema.testing.ts'
import { violationOf, type Ddl } from './portable.ts'

interface Proxy {
  readonly url: string
  /** Swallows everything, both ways, as a dead network does. */
  silent: boolean
  /** Called with what a client sends, and the client's port, before it is passed on. */
  onSent: (text: string, port: number) => void
  close(): void
}

async function proxyTo(url: string): Promise<Proxy> {
  const target = new URL(url)
  const sockets: Socket[] = []
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    sockets.push(near, far)
    for (const socket of [near, far]) socket.on('error', () => {})
    near.on('data', (data) => {
      proxy.onSent(data.toString('latin1'), Number(near.remotePort))
      if (!proxy.silent) far.write(data)
    })
    far.on('data', (data) => void (proxy.silent || near.write(data)))
    far.on('close', () => void (proxy.silent || near.destroy()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = new URL(url)
  address.port = String((server.address() as AddressInfo).port)
  const proxy: Proxy = {
    url: address.href,
    silent: false,
    onSent: () => {},
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
  return proxy
}

let database: TestDatabase
let proxy: Proxy
let stores: Stores
let main: Store<TestSchema>

const timeouts = { statement: 300, connect: 1000 }
const ids = async (): Promise<string[]> =>
  (await main.reader.selectFrom('thing').select('id').orderBy('id').execute()).map((row) => row.id)
const insert = (id: string) => (tx: Tx<TestSchema>) => tx.insertInto('thing').values(thing(id)).execute()
/** Does `act` when a client is about to send a commit. */
const atCommit = (act: (port: number) => void): void => {
  proxy.onSent = (text, port) => {
    if (!text.includes('commit\0')) return
    proxy.onSent = () => {}
    act(port)
  }
}

beforeAll(async () => {
  database = await freshDatabase('postgres', { empty: true })
  if (!('url' in database.options)) throw new Error('not Postgres')
  proxy = await proxyTo(database.options.url)
  ;({ stores, main } = await openTestSchema({ url: proxy.url, timeouts }))
})
afterEach(() => {
  proxy.silent = false
})
afterAll(async () => {
  await stores.close()
  proxy.close()
  await database.remove()
})

test('a server that falls silent is given up in time, and its connections with it', async () => {
  await Promise.all([ids(), main.write(insert('before')), main.library.selectFrom('thing').selectAll().execute()])
  proxy.silent = true
  const calls = await Promise.allSettled([
    ids(),
    main.write(insert('lost')),
    main.library.selectFrom('thing').selectAll().execute(),
    main.snapshot(async () => {}),
    openStores({ url: proxy.url, timeouts }),
  ])
  expect(calls.map((call) => call.status)).toEqual(Array(5).fill('rejected'))
  for (const call of calls) expect(String((call as PromiseRejectedResult).reason)).toMatch(/timeout/)
  proxy.silent = false
  const library = main.library.selectFrom('thing').select('id').execute()
  expect(await Promise.all([ids(), library])).toEqual([['before'], [{ id: 'before' }]])
  await main.write(insert('after'))
  expect(await ids()).toEqual(['after', 'before'])
}, 30_000)

test('a store closes while its server is silent', async () => {
  const own = await openStores({ url: proxy.url, timeouts })
  await own.main.ping()
  proxy.silent = true
  const call = own.main.ping().catch((error: Error) => error.message)
  await own.close()
  expect(await call).toMatch(/timeout/)
}, 15_000)

test('when it falls silent during a commit, nobody knows', async () => {
  atCommit(() => {
    proxy.silent = true
  })
  await expect(main.write(insert('unknown'))).rejects.toThrow(CommitUnknown)
}, 15_000)

/** Ends this process's socket of that port as the system does when the way to the other side is gone. */
function breakSocket(port: number, code: string): void {
  // oxlint-disable-next-line no-underscore-dangle -- Node has no other way to a socket that pg keeps to itself.
  const handles = (process as unknown as { _getActiveHandles: () => unknown[] })._getActiveHandles()
  const socket = handles.find((handle) => handle instanceof Socket && handle.localPort === port) as Socket
  socket.destroy(Object.assign(new Error(`read ${code}`), { code, syscall: 'read' }))
}

test.each(['EHOSTUNREACH', 'ENETDOWN'])('nor when the way there ends with %s', async (code) => {
  atCommit((port) => breakSocket(port, code))
  await expect(main.write(insert(code))).rejects.toThrow(CommitUnknown)
  await expect.poll(ids).toContain(code)
})

test('a read is asked again when the way to the server was gone for a moment', async () => {
  proxy.onSent = (text, port) => {
    if (!text.includes('order by')) return
    proxy.onSent = () => {}
    breakSocket(port, 'ENETUNREACH')
  }
  expect(await ids()).toContain('before')
})

test('the system asks every ten seconds whether a server that says nothing is still there', async () => {
  const asked = vi.spyOn(Socket.prototype, 'setKeepAlive')
  onTestFinished(() => asked.mockRestore())
  const own = await openStores({ url: proxy.url, timeouts })
  await Promise.all([own.main.ping(), own.main.write(async () => {})])
  await own.close()
  expect(new Set(asked.mock.calls.map(String))).toEqual(new Set(['true,10000']))
})

test('what the server refuses at the commit is known', async () => {
  await main.write(async (tx) => {
    await sql`create table later (id integer primary key deferrable initially deferred)`.execute(tx)
  })
  const twice = main.write((tx) => sql`insert into later values (1), (1)`.execute(tx))
  await expect(twice).rejects.toSatisfy((error) => violationOf(error) === 'unique')
})

test('a migration may take longer than a statement', async () => {
  const slow = { name: '0003_slow', up: async ({ db }: Ddl) => void (await sql`select pg_sleep(3)`.execute(db)) }
  const now = (): Date => new Date('2026-01-01T00:00:00.000Z')
  const done = await migrate(stores, { now, steps: { ...steps, main: [...steps.main, slow] } })
  expect(done.main).toEqual(['0003_slow'])
}, 15_000)
