import { eachDialect } from '@steward/db/testing'
import { expect, it } from 'vitest'
import { createApi, createAppContext, fromRequest, toResponse } from '../server.ts'
import { guardsOf } from './guards.ts'
import { pagePolicy } from './pages.ts'

const pages = new Map([
  ['/index.html', Buffer.from('<!doctype html>')],
  ['/steward.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
])

eachDialect('guards', (open) => {
  const asking = async (publicUrl: string) => {
    const app = await createAppContext({
      stores: await open(),
      secret: new Uint8Array(32).fill(7),
      settings: { publicUrl, signUp: 'invited' },
      signIn: {},
    })
    const api = createApi(app, { pages, metrics: async () => ({ contentType: 'text/plain', body: '' }) })
    return async (method: string, path: string, headers: Record<string, string> = {}) => {
      const incoming = fromRequest(new Request(new URL(path, publicUrl).href, { headers }))
      return toResponse(await api.respond({ ...incoming, method }))
    }
  }

  it('stand on every answer, whatever endpoint gave it and however it ended', async () => {
    const ask = await asking('https://steward.example.org')
    const asked: [string, string][] = [
      ['GET', '/health'],
      ['GET', '/metrics'],
      ['GET', '/openapi.json'],
      ['GET', '/v1/admin/bots'],
      ['GET', '/v1/nothing'],
      ['OPTIONS', '/v1/admin/bots'],
      ['DELETE', '/health'],
      ['TRACE', '/health'],
      ['GET', '/trpc/setup.status'],
      ['HEAD', '/trpc/setup.status'],
      ['GET', '/trpc/no.such'],
      ['GET', '/downloads/versions/x?expires=1&signature=x'],
      ['GET', '/auth/get-session'],
      ['GET', '/auth/nothing'],
      ['GET', '/auth/error?error=x'],
      ['GET', '/steward.svg'],
    ]
    for (const [method, path] of asked) {
      const { headers } = await ask(method, path)
      expect([path, headers.get('strict-transport-security')]).toEqual([path, 'max-age=31536000; includeSubDomains'])
      expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff'])
      expect([path, headers.get('referrer-policy')]).toEqual([path, 'no-referrer'])
      const policy = headers.get('content-security-policy')?.split('; ')
      for (const rule of ['default-src', 'base-uri', 'object-src', 'frame-ancestors'])
        expect([path, policy]).toEqual([path, expect.arrayContaining([`${rule} 'none'`])])
      expect([path, policy?.some((rule) => rule.startsWith('script-src') && rule.includes('unsafe'))]).toEqual([
        path,
        false,
      ])
    }
  })

  it('of a page let it load what is ours; text of every kind says how it is written', async () => {
    const ask = await asking('http://127.0.0.1:7420')
    const page = await ask('GET', '/w/x', { accept: 'text/html' })
    expect(page.headers.get('content-security-policy')).toBe(pagePolicy)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect((await ask('GET', '/steward.svg')).headers.get('content-type')).toBe('image/svg+xml; charset=utf-8')
    // The sign-in library draws no page of its own.
    const failed = await ask('GET', '/auth/error?error=access_denied')
    expect(failed.status).toBe(302)
    expect(failed.headers.get('location')).toBe('http://127.0.0.1:7420/sign-in?error=access_denied')
  })

  it('stand before no echo: TRACE and whatever else is no method here is refused', async () => {
    const ask = await asking('http://127.0.0.1:7420')
    for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'get']) {
      const answer = await ask(method, '/v1/admin/bots', { 'x-secret': 'hunter2' })
      expect([method, answer.status]).toEqual([method, 405])
      expect(await answer.text()).not.toContain('hunter2')
    }
  })

  it('ask for https only where people come by it', () => {
    expect(guardsOf(null)).not.toHaveProperty('strict-transport-security')
    expect(guardsOf('http://10.0.0.5:7420')).not.toHaveProperty('strict-transport-security')
  })
})
