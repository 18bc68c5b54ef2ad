import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { gunzipSync } from 'node:zlib'
import { testApp } from '../core/app.testing.ts'
import { router } from '../core/procedure/trpc.ts'
import { createEndpoints } from './api.ts'
import { pagePolicy } from './pages.ts'

const script = `console.log(${'1 +'.repeat(1_000)} 1)`
const files = new Map(
  Object.entries({ '/index.html': '<!doctype html><title>Steward</title>', '/assets/a-1f.js': script }).map(
    ([path, text]) => [path, Buffer.from(text)],
  ),
)

eachDialect('pages', (open) => {
  const ask = async (path: string, init: RequestInit = {}) => {
    const endpoints = createEndpoints(testApp(await open()).app, router({}), { pages: files })
    return endpoints.handle(new Request(`http://127.0.0.1:7420${path}`, init))
  }
  const browser = { headers: { accept: 'text/html,application/xhtml+xml' } }

  it('answers the first page at the root and at every deep link a browser opens, under the strict policy', async () => {
    for (const path of ['/', '/w/wkspace_1/bots', '/sign-in?to=%2F']) {
      const answer = await ask(path, browser)
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('<title>Steward</title>')
      expect(answer.headers.get('content-security-policy')).toBe(pagePolicy)
      expect(answer.headers.get('cache-control')).toBe('no-cache')
    }
    expect(pagePolicy).not.toContain('unsafe')
  })

  it('answers hashed files for ever, zipped for who takes it, and 304 for who has it', async () => {
    const plain = await ask('/assets/a-1f.js')
    expect(await plain.text()).toBe(script)
    expect(plain.headers.get('cache-control')).toContain('immutable')
    const zipped = await ask('/assets/a-1f.js', { headers: { 'accept-encoding': 'gzip' } })
    expect(gunzipSync(Buffer.from(await zipped.arrayBuffer())).toString()).toBe(script)
    const again = await ask('/assets/a-1f.js', { headers: { 'if-none-match': plain.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
  })

  it('answers the root to whatever asks, and HEAD as GET without the page', async () => {
    const got = await ask('/', { headers: { accept: '*/*' } })
    const head = await ask('/', { method: 'HEAD' })
    expect([got.status, got.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const length = String((await got.arrayBuffer()).byteLength)
    expect([head.status, await head.text(), head.headers.get('content-length')]).toEqual([200, '', length])
    for (const name of ['content-type', 'content-security-policy', 'etag', 'cache-control'])
      expect([name, head.headers.get(name)]).toEqual([name, got.headers.get(name)])
    const api = await ask('/openapi.json', { method: 'HEAD' })
    expect([api.status, Number(api.headers.get('content-length')) > 100]).toEqual([200, true])
  })

  it('knows the copy a browser or a proxy has by any form of its tag', async () => {
    const etag = (await ask('/assets/a-1f.js')).headers.get('etag') ?? ''
    const strong = etag.replace('W/', '')
    const same = [etag, strong, `"other", ${etag}`, `W/"x",${strong}`, '*']
    for (const header of same)
      expect([header, (await ask('/assets/a-1f.js', { headers: { 'if-none-match': header } })).status]).toEqual([
        header,
        304,
      ])
    for (const header of ['"other"', strong.slice(1, -1), ''])
      expect([header, (await ask('/assets/a-1f.js', { headers: { 'if-none-match': header } })).status]).toEqual([
        header,
        200,
      ])
  })

  it('zips for who takes it, and for nobody else', async () => {
    const encoded = async (header: string) =>
      (await ask('/assets/a-1f.js', { headers: { 'accept-encoding': header } })).headers.get('content-encoding')
    for (const header of ['gzip', 'br, gzip;q=0.1', 'GZIP', '*', 'deflate, x-gzip'])
      expect([header, await encoded(header)]).toEqual([header, 'gzip'])
    for (const header of ['gzip;q=0', 'gzip; q=0.0, *', '*;q=0', 'identity', 'not-gzip', ''])
      expect([header, await encoded(header)]).toEqual([header, null])
  })

  it('gives out what was built and nothing beside it, and lists no folder', async () => {
    const others = ['/assets', '/assets/', '/.git/config', '/package.json', '/..%2fpackage.json']
    for (const path of others) expect([path, (await ask(path)).status]).toEqual([path, 404])
  })

  it('leaves the API its addresses, its methods and its envelope', async () => {
    for (const path of ['/v1/admin/nothing', '/v2/billing/plans', '/nothing', '/assets/missing.js']) {
      const answer = await ask(path, { headers: { accept: 'application/json, text/plain, */*' } })
      expect([path, answer.status]).toEqual([path, 404])
      expect(await answer.json()).toMatchObject({ type: 'ResourceNotFound' })
    }
    expect((await ask('/v1/admin/nothing', browser)).status).toBe(404)
    expect((await ask('/w/x', { ...browser, method: 'POST' })).status).toBe(404)
  })
})
