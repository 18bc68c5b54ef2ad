import { describe, expect, it } from 'vitest'
import { deviceOf } from './device.ts'
import { endOf, lifeOf } from './token-life.ts'
import { noScopes, scopesOf, scopeLabels } from './token-scopes.ts'

describe('scopes of a token', () => {
  it('prints each level once, in the order of the picker', () => {
    expect(scopesOf({ ...noScopes, version: 'read', bot: 'write' })).toEqual(['bot:write', 'version:read'])
    expect(scopesOf(noScopes)).toEqual([])
  })
  it('says writing once where it includes reading, and keeps what it does not know', () => {
    expect(scopeLabels(['bot:read', 'bot:write', 'audit:read', 'billing:read'])).toEqual([
      'Bots: write',
      'Audit: read',
      'billing:read',
    ])
  })
})

describe('life of a token', () => {
  const now = Date.parse('2026-11-23T12:00:00.000Z')
  it('ends soon in its last week and is expired from the very moment', () => {
    expect(lifeOf({}, now)).toEqual({ state: 'active', unused: true })
    expect(lifeOf({ expiresAt: '2026-11-30T12:00:00.000Z', lastUsedAt: 'x' }, now)).toEqual({
      state: 'ending',
      unused: false,
    })
    expect(lifeOf({ expiresAt: '2026-11-30T12:00:00.001Z' }, now).state).toBe('active')
    expect(lifeOf({ expiresAt: '2026-11-23T12:00:00.000Z' }, now).state).toBe('expired')
  })
  it('turns a choice into a moment', () => {
    expect(endOf('7', '', now)).toBe('2026-11-30T12:00:00.000Z')
    expect(endOf('never', '', now)).toBeUndefined()
    expect(endOf('day', '2026-12-01', now)).toBe(new Date('2026-12-01T23:59:59').toISOString())
    expect(endOf('day', '', now)).toBe('')
  })
})

describe('devices', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0', 'Firefox 144 on Windows'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15',
      'Safari 26.1 on macOS',
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
      'Edge 140 on Linux',
    ],
    [
      'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
      'Chrome 141 on Android',
    ],
    ['curl/8.9.1', 'curl'],
  ])('reads %s', (userAgent, name) => {
    expect(deviceOf(userAgent).name).toBe(name)
  })
  it('says so when nothing is known', () => {
    expect(deviceOf(undefined)).toEqual({ name: 'Unknown device', phone: false })
  })
})
