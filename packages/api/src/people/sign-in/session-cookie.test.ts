import { expect, test } from 'vitest'
import { day } from '../../core/clock.ts'
import { readSessionToken, sessionCookieLine, sessionCookieName } from './session-cookie.ts'

const secret = 'a secret of the installation'
const home = { keyId: '0123456789abcdef', secure: false }
const name = sessionCookieName(home)
const pairOf = (token: string, by = secret): string =>
  sessionCookieLine({ token, secret: by, home, life: day }).split(';')[0] ?? ''
const read = (header: string | null): string | null => readSessionToken(header, name, secret)

test('the token is found by the name of its cookie, wherever it stands in the header', () => {
  const own = pairOf('token')
  const others = ['theme=dark', pairOf('other').replace('steward-', 'steward-other-'), `x${own}`]
  expect(read(own)).toBe('token')
  expect(read([...others, own].join('; '))).toBe('token')
  expect(read([own, ...others].join(';'))).toBe('token')
  expect(read(others.join('; '))).toBeNull()
})

test.each([
  ['there is no header', null],
  ['there is no such cookie', 'theme=dark'],
  ['it is empty', `${name}=`],
  ['it has no signature', `${name}=token`],
  ['its signature is of another secret', pairOf('token', 'another secret')],
  ['its signature is of another token', pairOf('token').replace('token.', 'taken.')],
  ['it is cut off', pairOf('token').slice(0, -4)],
  ['it has no token', pairOf('')],
  ['its encoding is broken', `${name}=%E0%A4%A`],
])('there is no token when %s', (_, header) => {
  expect(read(header)).toBeNull()
})
