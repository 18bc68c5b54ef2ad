import { testClock } from '@steward/testkit'
import { areas } from '../root.ts'
import { CommitUnknown, LaneTimeout } from '@steward/db'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TRPCError } from '@trpc/server'
import { ApiError, errorId, errorStatus, toEnvelope } from './errors.ts'
import { systemIds } from './id.ts'
import { closePage, openPage } from './page.ts'
import { keyAllows } from './access/rule.ts'
import type { Purpose } from './secrets.ts'
import { isWellFormedToken, makeKeys, mintToken, signatureMatches } from './secrets.ts'
import { testIds } from './app.testing.ts'

const now = new Date('2026-08-11T14:22:33.456Z')

describe('errors', () => {
  it('carries each of the 26 types with its status through the envelope', () => {
    expect(Object.keys(errorStatus)).toHaveLength(26)
    for (const [type, status] of Object.entries(errorStatus)) {
      const envelope = toEnvelope(new ApiError(type as keyof typeof errorStatus, 'why', { a: 1 }), { now })
      expect(envelope).toMatchObject({ code: status, type, message: 'why', metadata: { a: 1 } })
      expect(Object.keys(envelope).toSorted()).toEqual(['code', 'id', 'message', 'metadata', 'type'])
    }
  })

  it('says nothing about an unknown cause', () => {
    const envelope = toEnvelope(new Error('select * from user where password'), { now })
    expect(envelope).toMatchObject({ code: 500, type: 'Internal' })
    expect(JSON.stringify(envelope)).not.toContain('password')
    const wrapped = new TRPCError({
      code: 'INTERNAL_SERVER_ERROR',
      message: 'SQLITE_ERROR',
      cause: new Error('SQLITE_ERROR'),
    })
    expect(JSON.stringify(toEnvelope(wrapped, { now }))).not.toContain('SQLITE')
  })

  it('says that the disk is full, since only people can help', () => {
    const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    const wrapped = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: full })
    for (const error of [full, wrapped])
      expect(toEnvelope(error, { now })).toMatchObject({ code: 500, message: expect.stringContaining('is full') })
  })

  it('says when trying again helps, and when one has to look first', () => {
    const busy = toEnvelope(new LaneTimeout('main', 30_000), { now })
    expect(busy).toMatchObject({ code: 504, type: 'OperationTimeout', message: expect.stringContaining('Try again') })
    const unknown = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: new CommitUnknown(new Error('reset')) })
    expect(toEnvelope(unknown, { now })).toMatchObject({
      code: 504,
      type: 'OperationTimeout',
      message: expect.stringContaining('not known whether'),
    })
  })

  it('makes ids as the contract’s client does', () => {
    expect(errorId(now)).toMatch(/^err_20260811142233x[0-9A-F]{8}$/)
  })
})

describe('ids', () => {
  it('rise strictly within a millisecond and have a known form', () => {
    const clock = testClock()
    const ids = systemIds(clock, areas.ids)
    const made = Array.from({ length: 5_000 }, () => ids.make('bot'))
    expect(new Set(made).size).toBe(5_000)
    expect(made.toSorted()).toEqual(made)
    for (const id of made.slice(0, 50)) expect(id).toMatch(/^bot_[0-9A-HJKMNP-TV-Z]{26}$/)
  })

  it('take random bytes of any count, none of them twice', () => {
    const ids = systemIds(testClock(), areas.ids)
    const drawn = Array.from({ length: 4000 }, (_, i) => ids.bytes(12 + (i % 21)))
    expect(drawn.map(({ length }) => length)).toEqual(drawn.map((_, i) => 12 + (i % 21)))
    expect(new Set(drawn.map((one) => one.subarray(0, 12).toString('hex'))).size).toBe(drawn.length)
    expect(drawn.some((one) => one.every((byte) => byte === 0))).toBe(false)
    expect(new Set(ids.bytes(5000)).size).toBe(256)
  })

  it('never fall back when the clock does', () => {
    const clock = testClock()
    const ids = systemIds(clock, areas.ids)
    const first = ids.make('bot')
    clock.advance(-60_000)
    expect(ids.make('bot') > first).toBe(true)
  })
})

describe('tokens', () => {
  const ids = testIds(testClock(), 'tokens')

  it('have a prefix, enough randomness and a checksum', () => {
    const token = mintToken(ids, 'bp_pat_')
    expect(token).toMatch(/^bp_pat_[0-9A-Za-z]{49}$/)
    expect(isWellFormedToken(token)).toBe(true)
  })

  it('fail the checksum after any single changed character', () => {
    const token = mintToken(ids, 'bp_pat_')
    fc.assert(
      fc.property(
        fc.integer({ min: 7, max: token.length - 1 }),
        fc.constantFrom('a', 'b', 'c', 'X', 'Y', 'Z', '0', '1', '9'),
        (at, letter) => {
          fc.pre(token[at] !== letter)
          expect(isWellFormedToken(token.slice(0, at) + letter + token.slice(at + 1))).toBe(false)
        },
      ),
    )
  })
})

describe('keys', () => {
  const ids = testIds(testClock(), 'keys')
  const keys = makeKeys(new Uint8Array(32).fill(1), ids)

  const [a, b] = ['a', 'b'] as Purpose[] as [Purpose, Purpose]

  it('open only what they sealed, for the same purpose', () => {
    const others = makeKeys(new Uint8Array(32).fill(2), ids)
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const sealed = keys.seal(text, a)
        expect(keys.unseal(sealed, a)).toBe(Buffer.from(text).toString())
        expect(() => keys.unseal(sealed, b)).toThrow()
        expect(() => others.unseal(sealed, a)).toThrow()
      }),
    )
  })

  it('sign what anyone can check', () => {
    const signature = keys.sign('head')
    expect(signatureMatches('head', signature, keys.publicKey)).toBe(true)
    expect(signatureMatches('tail', signature, keys.publicKey)).toBe(false)
    expect(keys.macMatches('x', keys.mac('x'))).toBe(true)
    expect(keys.macMatches('x', keys.mac('y'))).toBe(false)
    expect(keys.macMatches('x', '')).toBe(false)
  })
})

describe('pages', () => {
  const rows = Array.from({ length: 45 }, (_, i) => ({ at: `t${String(i).padStart(3, '0')}`, id: `i${i}` }))
  const list = (input: { nextToken?: string; pageSize?: number }, filters: unknown) => {
    const page = openPage(input, ['rows', filters])
    const from = page.after ? rows.findIndex((row) => row.id === page.after?.[1]) + 1 : 0
    return closePage(rows.slice(from, from + page.limit + 1), page, (row) => [row.at, row.id])
  }

  it('walk through everything once, in order, and end without a token', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (pageSize) => {
        const seen: string[] = []
        let nextToken: string | undefined
        do {
          const page = list({ pageSize, ...(nextToken ? { nextToken } : {}) }, { dev: false })
          seen.push(...page.rows.map((row) => row.id))
          nextToken = page.meta.nextToken
        } while (nextToken)
        expect(seen).toEqual(rows.map((row) => row.id))
      }),
    )
  })

  it('refuse a token of other filters and any invented one', () => {
    const token = list({}, { dev: false }).meta.nextToken ?? ''
    const open = (nextToken: string, dev: boolean) => openPage({ nextToken }, ['rows', { dev }])
    expect(open(token, false).after).toEqual(['t019', 'i19'])
    expect(() => open(token, true)).toThrow('nextToken')
    const spaced = Buffer.from(Buffer.from(token, 'base64url').toString().replace(',', ', ')).toString('base64url')
    for (const changed of [`!${token}`, `${token}=`, `${token}\n`, ` ${token}`, token.replace(/^./, '$&.'), spaced])
      expect(() => open(changed, false)).toThrow('nextToken')
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        expect(() => openPage({ nextToken: text }, ['rows'])).toThrow('nextToken')
      }),
    )
    expect(openPage({ nextToken: '' }, ['rows']).after).toBeNull()
  })

  it('cap the size at 100 and default to 20', () => {
    expect(openPage({}, ['rows']).limit).toBe(20)
    expect(openPage({ pageSize: 5000 }, ['rows']).limit).toBe(100)
  })
})

describe('permissions', () => {
  it('give every rule with a key scope a known one, reading included in writing', () => {
    for (const rule of Object.values(areas.permissions)) {
      if (rule.key === null) continue
      expect(areas.keyScopes).toContain(rule.key)
      expect(keyAllows([rule.key], rule)).toBe(true)
      expect(keyAllows([rule.key.replace(/:read$/, ':write')], rule)).toBe(true)
      expect(keyAllows([], rule)).toBe(false)
    }
    expect(keyAllows(['bot:read'], areas.permissions['bot.create'])).toBe(false)
  })
})
