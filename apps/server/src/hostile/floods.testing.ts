import { json, type Hostile } from './hostile.testing.ts'
import type { TestServer } from './test-server.testing.ts'
import { many, type Reply } from './wire.testing.ts'

const password = 'correct horse battery'
const post = ({ stranger }: TestServer, path: string, body: object): Promise<Reply> =>
  stranger({ method: 'POST', path, headers: json, body: JSON.stringify(body) })

export const floods: readonly Hostile[] = [
  {
    name: 'two hundred sign-ups of one address',
    send: (testServer) =>
      many(200, (n) => post(testServer, '/trpc/me.signUp', { email: `s${n}@example.org`, name: 'S', password })),
    answers: ['200', '429 RateLimited'],
    seen: ['429 RateLimited'],
    loop: 900,
    // Ten hashes, each of some hundred milliseconds and more.
    process: 9000,
    memory: 400,
  },
  {
    name: 'a hundred sign-ups in one batch',
    send: async ({ stranger }) => {
      const inputs = Object.fromEntries(
        Array.from({ length: 100 }, (_, n) => [n, { email: `b${n}@example.org`, name: 'S', password }]),
      )
      const path = `/trpc/${Array.from({ length: 100 }, () => 'me.signUp').join(',')}?batch=1`
      return [await stranger({ method: 'POST', path, headers: json, body: JSON.stringify(inputs) })]
    },
    answers: ['207 RateLimited', '429 RateLimited'],
    loop: 700,
    process: 9000,
    memory: 400,
  },
  {
    name: 'two hundred guesses of a password',
    send: (testServer) =>
      many(200, (n) =>
        post(testServer, '/auth/sign-in/email', { email: 'owner@example.org', password: `${password}${n}` }),
      ),
    answers: ['401', '429'],
    seen: ['429'],
    loop: 1500,
    process: 9000,
    memory: 400,
  },
  {
    name: 'passwords of half a megabyte',
    send: (testServer) =>
      many(3, () =>
        post(testServer, '/auth/sign-in/email', { email: 'owner@example.org', password: 'ﷺ'.repeat(150_000) }),
      ),
    answers: ['400', '401', '429'],
  },
  {
    name: 'email addresses made to be slow',
    send: (testServer) =>
      many(3, (n) =>
        post(testServer, '/trpc/me.signUp', {
          email: [`${'a'.repeat(200_000)}@`, `a@${'a.'.repeat(100_000)}`, 'a@'.repeat(100_000)][n],
          name: 'S',
          password,
        }),
      ),
    answers: ['400 InvalidPayload', '429 RateLimited'],
  },
  {
    name: 'three hundred invitations that nobody made',
    send: (testServer) =>
      many(300, (n) =>
        post(testServer, '/trpc/member.lookupInvitation', { secret: `stw_inv_${String(n).padStart(49, '0')}` }),
      ),
    answers: ['404 ResourceNotFound', '410 ResourceGone', '403 Forbidden'],
    loop: 900,
    process: 1200,
  },
  {
    name: 'sixty invitations sent by one person',
    send: async ({ ask, workspaceId }) =>
      many(60, (n) =>
        ask({
          method: 'POST',
          path: '/trpc/member.invite',
          body: JSON.stringify({ workspaceId, email: `i${n}@example.org`, role: 'viewer' }),
        }),
      ),
    answers: ['200', '429 RateLimited'],
    loop: 900,
    process: 1500,
  },
  {
    name: 'five hundred refusals that are each a line of the log',
    send: ({ stranger }) =>
      many(500, (n) =>
        stranger({
          path: `/trpc/x${n}"password":"${'Bearer%20'.repeat(400)}`,
          headers: { 'user-agent': 'z'.repeat(8000) },
        }),
      ),
    answers: ['404 ResourceNotFound'],
    loop: 2000,
    process: 2500,
  },
  {
    name: 'a document of a megabyte that is read ten times',
    send: ({ ask, largeBotId }) => many(10, () => ask({ path: `/v1/admin/bots/${largeBotId}` })),
    answers: ['200'],
    loop: 1500,
    process: 2000,
  },
  ...['application/json', 'application/jsonl'].map((accept): Hostile => ({
    name: `a document of a megabyte that is read a hundred times in one batch, as ${accept}`,
    send: async ({ ask, owner, largeBotId, workspaceId }) => {
      const inputs = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [n, { workspaceId, id: largeBotId }]))
      const names = Array.from({ length: 100 }, () => 'bot.get').join(',')
      const path = `/trpc/${names}?batch=1&input=${encodeURIComponent(JSON.stringify(inputs))}`
      const { text, ...reply } = await ask({ path, headers: { ...owner, 'trpc-accept': accept } })
      // More than the first few are refused: the answer is not a hundred megabytes.
      const fits = text.length < 16_000_000 && text.includes('LimitExceeded')
      return [{ ...reply, status: fits ? reply.status : 999, text: fits ? '"type":"LimitExceeded"' : '' }]
    },
    answers: ['200', '207 LimitExceeded'],
    loop: 800,
    process: 1200,
  })),
  {
    name: 'two hundred creations at once',
    send: ({ ask }) => many(200, (n) => ask({ method: 'POST', path: '/v1/admin/bots', body: `{"name":"f${n}"}` })),
    answers: ['200'],
    loop: 2500,
    process: 3500,
  },
]
