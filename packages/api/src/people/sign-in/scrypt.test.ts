import { hashPassword as formerHash } from 'better-auth/crypto'
import { randomBytes, scryptSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { hashPassword, isOutdated, verifyPassword } from './scrypt.ts'
import { costlyScrypt } from './scrypt.testing.ts'

const hashOf = (password: string) => hashPassword(password, randomBytes(16))

test('a hash says what it cost and opens with its password alone', async () => {
  const hash = await hashOf('correct horse battery')
  expect(hash).toMatch(/^scrypt\$131072\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
  expect(await hashOf('correct horse battery')).not.toBe(hash)
  expect(await verifyPassword({ hash, password: 'correct horse battery' })).toBe(true)
  expect(await verifyPassword({ hash, password: 'correct horse batterz' })).toBe(false)
  expect(isOutdated(hash)).toBe(false)
})

test('one spelling of a letter opens what another made', async () => {
  const hash = await hashOf('caf\u00E9 au lait, please')
  expect(await verifyPassword({ hash, password: 'cafe\u0301 au lait, please' })).toBe(true)
})

test('a hash of the sign-in library is taken, and outdated', async () => {
  const hash = await formerHash('correct horse battery')
  expect(await verifyPassword({ hash, password: 'correct horse battery' })).toBe(true)
  expect(await verifyPassword({ hash, password: 'wrong horse battery' })).toBe(false)
  expect(isOutdated(hash)).toBe(true)
  await expect(verifyPassword({ hash: 'nonsense', password: 'x' })).rejects.toThrow('not a password hash')
})

test('the cost is within what Node lets scrypt take', async () => {
  const options = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 }
  const key = await new Promise<Buffer>((resolve, reject) => {
    costlyScrypt()('password', 'salt', 32, options, (error, made) => (error ? reject(error) : resolve(made)))
  })
  expect(key).toEqual(scryptSync('password', 'salt', 32, options))
})
