import { expect, test } from 'vitest'
import { relayTo } from './relay.ts'

const relay = (answer: () => Response) =>
  relayTo({ name: 'Office', url: 'https://steward.example.org/', token: 't' }, async () => answer())
const asked = (): Request => new Request('http://steward.invalid/trpc/me.get')

test.each([
  [
    'handed out, as Node does',
    () => new Response(null, { status: 308, headers: { location: 'https://else.example' } }),
  ],
  [
    'refused, as Electron does',
    () => {
      throw new Error('Redirect was cancelled')
    },
  ],
] as const)('a redirect is not followed, and told: %s', async (_how, answer) => {
  await expect(relay(answer)(asked())).rejects.toThrow('Office redirects to another address.')
})

test('what cannot be reached is told with its reason', async () => {
  const refused = (): never => {
    throw new Error('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) })
  }
  await expect(relay(refused)(asked())).rejects.toThrow(
    'Office cannot be reached at https://steward.example.org: ECONNREFUSED.',
  )
})
