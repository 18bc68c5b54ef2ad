import { StewardError, Unanswered, createClient } from '@steward/api/client'
import { describe, expect, test } from 'vitest'
import { failureOf } from './failure.ts'

/** What a mutation throws that is carried by this `fetch`. */
const thrownBy = (fetch: () => Promise<Response>, token?: string): Promise<unknown> =>
  createClient({ url: 'http://steward.test', fetch, ...(token !== undefined && { token }) })
    .me.update.mutate({})
    .then(
      () => null,
      (error: unknown) => error,
    )
const html = (status: number) => async () => new Response('<h1>', { status, headers: { 'content-type': 'text/html' } })

describe('what was thrown, as people read it', () => {
  test.each([
    ['the network', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['a proxy whose Steward is away', html(502)],
  ])('%s: Steward does not answer', async (_name, fetch) => {
    const error = await thrownBy(fetch)
    expect(error).toBeInstanceOf(StewardError)
    expect(failureOf(error)).toMatchObject({ type: 'Offline', unreachable: true, id: null })
  })

  test('the page itself is never told as a network that is away', async () => {
    const errors = [
      new TypeError('crypto.randomUUID is not a function'),
      new ReferenceError('navigator is not defined'),
      await thrownBy(() => Promise.resolve(Response.json({})), 'two\nlines'),
    ]
    for (const error of errors) {
      const failure = failureOf(error)
      expect(failure).toMatchObject({ type: 'Unknown', unreachable: false })
      expect(failure.message).toMatch(/^Something went wrong on this page: /)
    }
  })

  test('something in between that answers is named', async () => {
    const failure = failureOf(await thrownBy(html(413)))
    expect(failure).toMatchObject({ type: 'Unknown', unreachable: false })
    expect(failure.message).toContain('HTTP 413')
  })

  test('words of our own stay as they are', () => {
    expect(failureOf(new Error('The name is missing.')).message).toBe('The name is missing.')
    expect(failureOf(new Unanswered('gone')).type).toBe('Offline')
  })

  test('a refusal keeps its type, its id and what was wrong where', async () => {
    const data = {
      id: 'err_1',
      code: 400,
      type: 'InvalidPayload',
      metadata: { issues: [{ path: 'name', message: 'is missing' }] },
    }
    const body = { error: { message: 'Not so.', code: -32600, data } }
    const failure = failureOf(await thrownBy(async () => Response.json(body, { status: 400 })))
    expect(failure).toMatchObject({ type: 'InvalidPayload', id: 'err_1', message: 'Not so.', unreachable: false })
    expect(failure.issues).toHaveLength(1)
  })
})
