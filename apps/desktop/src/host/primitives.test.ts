import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { expect, onTestFinished, test } from 'vitest'
import { findLacking } from './primitives.ts'
import { unfitness, withPasswords } from './program.ts'

/** Another crypto for this test. */
function put(change: object): void {
  const former = Object.fromEntries(Object.keys(change).map((name) => [name, Reflect.get(crypto, name) as unknown]))
  const assign = (members: object): void => {
    Object.assign(crypto, members)
    syncBuiltinESMExports()
  }
  assign(change)
  onTestFinished(() => assign(former))
}

test('this program lacks nothing', async () => {
  expect(await findLacking()).toEqual([])
})

const users = {
  createHash: ['SHA-256'],
  createHmac: ['HMAC-SHA-256', 'HMAC-SHA-1'],
  hkdfSync: ['HKDF'],
  createCipheriv: ['AES-256-GCM'],
  createDecipheriv: ['AES-256-GCM'],
  createPrivateKey: ['Ed25519'],
  createPublicKey: ['Ed25519'],
  sign: ['Ed25519'],
  verify: ['Ed25519'],
  scrypt: ['scrypt'],
  randomBytes: ['random bytes and comparison in constant time'],
  timingSafeEqual: ['random bytes and comparison in constant time'],
} satisfies Partial<Record<keyof typeof crypto, string[]>>

test.each(Object.entries(users))('a program without %s lacks what needs it', async (name, lacking) => {
  put({ [name]: undefined })
  expect(await findLacking()).toEqual(lacking)
})

test('an answer that is wrong counts as none', async () => {
  put({ hkdfSync: () => new ArrayBuffer(42), verify: () => true })
  expect(await findLacking()).toEqual(['HKDF', 'Ed25519'])
})

test('a password that takes too much memory is told as a lack of the program, other trouble as it is', async () => {
  const coded = (code: string) => (): Promise<never> => Promise.reject(Object.assign(new Error('no'), { code }))
  await expect(withPasswords(coded('ERR_CRYPTO_INVALID_SCRYPT_PARAMS'))).rejects.toThrow('scrypt with 128 MiB')
  await expect(withPasswords(coded('SQLITE_FULL'))).rejects.toThrow('no')
})

test('a part that cannot be loaded is told with what it needs', () => {
  const broken = (message: string) => Object.assign(new Error(message), { code: 'ERR_DLOPEN_FAILED' })
  const old = "libc.so.6: version `GLIBC_2.34' not found (required by linux-x64.node)"
  expect(unfitness(broken(old))?.message).toContain('Ubuntu 22.04')
  expect(unfitness(broken('wrong architecture'))?.message).toContain('with the build for this computer')
  expect(unfitness(new Error('other'))).toBeNull()
})
