import { eachDialect } from '@steward/db/testing'
import type { Stores } from '@steward/db'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { StewardError, Unanswered, createClient } from './client.ts'
import { seedPerson, seedToken, seedWorkspace } from './core/app.testing.ts'
import { createApi, createAppContext } from './server.ts'
import { nodeListener } from './transport/http.testing.ts'

/** A whole server on a socket, made as a process makes it. */
async function serve(stores: Stores) {
  const folder = mkdtempSync(join(tmpdir(), 'steward-blobs-'))
  const app = await createAppContext({
    stores,
    secret: new Uint8Array(32).fill(9),
    settings: { publicUrl: 'http://127.0.0.1:7420/', signUp: 'invited' },
    blobFolder: folder,
  })
  const owner = await seedPerson(app, 'owner@example.com')
  const workspaceId = await seedWorkspace(app, owner)
  const { value: token } = await seedToken(app, owner)
  const api = createApi(app)
  const server = createServer(nodeListener((incoming) => api.respond(incoming)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await api.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { api, owner, workspaceId, token, url }
}

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => null,
    (cause: unknown) => cause,
  )

eachDialect('the composed server', (open) => {
  it.each([false, true])('serves the typed client (streaming: %s)', async (stream) => {
    const { url, token, workspaceId } = await serve(await open())
    const client = createClient({ url: `${url}/`, token, stream })
    const made = await client.bot.create.mutate({ workspaceId, name: 'First', code: 'export {}' })
    const [read, listed, missing] = await Promise.allSettled([
      client.bot.get.query({ id: made.bot.id }),
      client.bot.list.query({ workspaceId }),
      client.bot.get.query({ id: 'bot_01ARZ3NDEKTSV4RRFFQ69G5FAV' }),
    ])
    expect(read).toMatchObject({ value: { bot: { id: made.bot.id, name: 'First' } } })
    expect(listed).toMatchObject({ value: { bots: [{ id: made.bot.id }], meta: {} } })
    const reason: unknown = missing.status === 'rejected' ? missing.reason : null
    expect(reason).toBeInstanceOf(StewardError)
    expect(reason).toMatchObject({
      name: 'StewardError',
      type: 'ResourceNotFound',
      code: 404,
      metadata: { resource: 'bot' },
    })
    expect((reason as StewardError).id).toMatch(/^err_/)
  })

  it('gives one effect to a mutation sent twice with its key', async () => {
    const { url, token, workspaceId } = await serve(await open())
    const client = createClient({ url, token, idempotencyKeys: true })
    const key = { context: { idempotencyKey: 'once' } }
    const input = { workspaceId, name: 'Once' }
    const [one, two] = await Promise.all([client.bot.create.mutate(input, key), client.bot.create.mutate(input, key)])
    expect(two.bot.id).toBe(one.bot.id)
    await client.bot.create.mutate(input)
    await client.bot.create.mutate(input)
    expect((await client.bot.list.query({ workspaceId })).bots).toHaveLength(3)
  })

  it('tells a client without a token, and one without a server', async () => {
    const { url, workspaceId } = await serve(await open())
    const stranger = await failureOf(createClient({ url }).bot.list.query({ workspaceId }))
    expect(stranger).toMatchObject({ type: 'Unauthorized', code: 401 })
    const wrong = await failureOf(createClient({ url, token: 'bp_pat_no' }).bot.list.query({ workspaceId }))
    expect(wrong).toMatchObject({ type: 'Unauthorized', code: 401 })
    const fetch = async (): Promise<Response> => {
      throw new TypeError('fetch failed')
    }
    const unreached = await failureOf(createClient({ url, fetch }).bot.list.query({ workspaceId }))
    expect(unreached).toMatchObject({
      name: 'StewardError',
      type: 'Unknown',
      id: 'UNKNOWN',
      cause: expect.any(Unanswered),
    })
    expect(unreached).toMatchObject({ message: 'Steward did not answer: fetch failed' })
  })

  it('asks once for each call that failed whether to send it again', async () => {
    const { url, token, workspaceId } = await serve(await open())
    const asked: unknown[] = []
    let signedIn = false
    const client = createClient({
      url,
      fetch: (to, init) => {
        const headers = new Headers(init?.headers)
        if (signedIn) headers.set('authorization', `Bearer ${token}`)
        return fetch(to, { ...init, headers })
      },
      again: async (error, context) => {
        asked.push([error.type, context['note']])
        signedIn = context['note'] === 'in'
        return context['note'] !== 'no'
      },
    })
    const input = { workspaceId, name: 'Again' }
    for (const note of ['no', 'out']) {
      const refused = await failureOf(client.bot.create.mutate(input, { context: { note } }))
      expect(refused).toMatchObject({ type: 'Unauthorized' })
    }
    expect(await client.bot.create.mutate(input, { context: { note: 'in' } })).toMatchObject({ bot: { name: 'Again' } })
    expect((await client.bot.list.query({ workspaceId })).bots).toHaveLength(1)
    expect(asked).toEqual(['no', 'out', 'in'].map((note) => ['Unauthorized', note]))
  })

  it('lets a signed link fetch a version without a token', async () => {
    const { url, token, workspaceId } = await serve(await open())
    const client = createClient({ url, token })
    const { bot } = await client.bot.create.mutate({ workspaceId, name: 'Linked', code: 'export const a = 1' })
    const { version } = await client.version.create.mutate({ id: bot.id, name: 'v1', description: '' })
    const link = new URL((await client.version.get.query({ id: bot.id, versionId: version.id })).url)
    const found = await fetch(url + link.pathname + link.search)
    expect(found.status).toBe(200)
    expect(found.headers.get('content-disposition')).toBe('attachment; filename="Linked-v1.json"')
    expect(await found.json()).toMatchObject({ code: 'export const a = 1' })
    const forged = await fetch(`${url}${link.pathname}${link.search.replace('expires=1', 'expires=9')}`)
    expect([forged.status, await forged.json()]).toMatchObject([403, { type: 'Forbidden' }])
  })

  it('prints its OpenAPI document and refuses a short secret', async () => {
    const stores = await open()
    const { api, url } = await serve(stores)
    expect(await (await fetch(`${url}/openapi.json`)).json()).toEqual(JSON.parse(JSON.stringify(api.openApi())))
    const settings = { publicUrl: 'http://x', signUp: 'open' } as const
    for (const size of [16, 31])
      await expect(createAppContext({ stores, secret: new Uint8Array(size), settings })).rejects.toThrow('32 bytes')
    await expect(createAppContext({ stores, secret: new Uint8Array(32), settings })).resolves.toBeDefined()
  })
})
