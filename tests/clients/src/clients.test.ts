import { Validator } from '@seriousme/openapi-schema-validator'
import { createClient } from '@hey-api/openapi-ts'
import { migrate, openStores, type Stores } from '@steward/db'
import { createApi, createAppContext, prepareFirstRun, type Api, type AppRouter } from '@steward/api/server'
import openapiTypescript, { astToString } from 'openapi-typescript'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/*
 * The document as strangers read it: a validator, and two generators of clients whose output compiles and works.
 */

const folder = mkdtempSync(join(tmpdir(), 'steward-clients-'))
const publicUrl = 'http://127.0.0.1:7420'

let stores: Stores
let api: Api<AppRouter>
let token: string
let document: Record<string, unknown>

beforeAll(async () => {
  stores = await openStores({ folder: join(folder, 'data') })
  await migrate(stores, { now: () => new Date() })
  const app = await createAppContext({
    stores,
    secret: new Uint8Array(32).fill(5),
    settings: { publicUrl, signUp: 'invited' },
  })
  token = (await prepareFirstRun(app)).token ?? ''
  api = createApi(app)
  const response = await api.handle(new Request(`${publicUrl}/openapi.json`))
  document = (await response.json()) as typeof document
})

afterAll(async () => {
  await api.close()
  await stores.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What is wrong with generated code, judged as strictly as its generator promises; empty when nothing is. */
async function faultsIn(...files: string[]): Promise<string> {
  // TypeScript of the repository; the one beside this file is the generators'.
  const packages = fileURLToPath(new URL('../../../node_modules/typescript/package.json', import.meta.url))
  const options = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--target', 'es2023', '--module', 'nodenext']
  const libraries = [
    '--lib',
    'es2023,dom,dom.iterable,dom.asynciterable',
    '--types',
    '',
    '--allowImportingTsExtensions',
  ]
  const compiler = join(dirname(packages), 'bin', 'tsc')
  const run = promisify(execFile)(process.execPath, [compiler, ...options, ...libraries, ...files], {
    cwd: folder,
  })
  return run.then(
    () => '',
    ({ stdout, message }: { stdout: string; message: string }) => stdout || message,
  )
}

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(document)
    expect({ valid, errors, version: validator.version }).toMatchObject({ valid: true, version: '3.1' })
  })
})

describe('openapi-typescript', () => {
  it('makes types of it that compile and say what is answered', async () => {
    const file = join(folder, 'types.ts')
    writeFileSync(file, astToString(await openapiTypescript(document as never)))
    const use = join(folder, 'types-use.ts')
    writeFileSync(
      use,
      `import type { operations } from './types.ts'
type Answer<K extends keyof operations> = operations[K] extends {
  responses: { 200: { content: { 'application/json': infer A } } }
} ? A : never
export const owner = (workspace: Answer<'getOwnedWorkspace'>): string => workspace.accountId
// @ts-expect-error The contract knows no account of a workspace.
export const unknown = (workspace: Answer<'getWorkspace'>): string => workspace.accountId
export const event: operations['followWorkspace']['responses'][200]['content']['text/event-stream']['version'] = 1
`,
    )
    expect(await faultsIn(file, use)).toBe('')
  })
})

interface Sdk {
  listAccounts(options: object): Promise<{ data: { accounts: { id: string }[] } }>
  listOwnedWorkspaces(options: object): Promise<{ data: { workspaces: { id: string; accountId: string }[] } }>
  updateOwnedWorkspace(options: object): Promise<{ data: { about: string }; response: Response }>
  getOwnedWorkspace(options: object): Promise<{ error: { type: string; message: string } }>
  followWorkspace(options: object): Promise<{ stream: AsyncGenerator<{ version: number; changes: object[] }> }>
}

describe('@hey-api/openapi-ts', () => {
  it('makes a client of it that compiles, calls, and follows changes', async () => {
    const path = join(folder, 'hey-api')
    await createClient({
      input: document as never,
      output: { path, importFileExtension: '.ts' },
      plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
      logs: { level: 'silent' },
    })
    expect(await faultsIn(join(path, 'index.ts'))).toBe('')

    const { createClient: connect } = (await import(pathToFileURL(join(path, 'client', 'index.ts')).href)) as {
      createClient: (options: object) => object
    }
    const sdk = (await import(pathToFileURL(join(path, 'sdk.gen.ts')).href)) as Sdk
    const fetch = (request: Request): Promise<Response> => api.handle(request)
    const client = connect({ baseUrl: publicUrl, auth: token, fetch })

    const { data: own } = await sdk.listAccounts({ client })
    const { data } = await sdk.listOwnedWorkspaces({ client, query: { pageSize: 1 } })
    const [workspace] = data.workspaces
    expect(own.accounts.map(({ id }) => id)).toContain(workspace?.accountId)

    const stopped = new AbortController()
    const { stream } = await sdk.followWorkspace({
      client,
      path: { workspaceId: workspace?.id },
      signal: stopped.signal,
    })
    expect((await stream.next()).value).toMatchObject({ reset: false, changes: [] })
    const next = stream.next()
    const changed = await sdk.updateOwnedWorkspace({ client, path: { id: workspace?.id }, body: { about: 'Ours' } })
    expect([changed.response.status, changed.data.about]).toEqual([200, 'Ours'])
    expect((await next).value).toMatchObject({ changes: [{ type: 'workspace', id: workspace?.id, deleted: false }] })
    stopped.abort()

    const { error } = await sdk.getOwnedWorkspace({ client, path: { id: 'wkspace_1' } })
    expect(error).toMatchObject({ type: 'ResourceNotFound', message: expect.stringContaining('wkspace_1') as unknown })
  })
})
