/**
 * Vitest's setup: Scrypt is slow on purpose, and tests hash a lot. Here it runs at a thousandth of its cost; what it makes
 * differs, and agrees with itself.
 */
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/** The form that our code and the sign-in library call. */
type Call = [
  password: string,
  salt: crypto.BinaryLike,
  length: number,
  options: crypto.ScryptOptions,
  answer: (error: Error | null, key: Buffer) => void,
]
type Scrypt = (...call: Call) => void

const costly = Symbol.for('steward.costly-scrypt')

/** Scrypt as it is. */
export function costlyScrypt(): Scrypt {
  return Reflect.get(crypto.scrypt, costly) as Scrypt
}

// Files share an engine: the second finds it done.
if (!(costly in crypto.scrypt)) {
  const inner: Scrypt = crypto.scrypt
  const cheap: Scrypt = (password, salt, length, { N = 2 ** 14, ...options }, answer) =>
    inner(password, salt, length, { ...options, N: Math.max(2, N / 1024) }, answer)
  Object.assign(crypto, { scrypt: Object.assign(cheap, { [costly]: inner }) })
  syncBuiltinESMExports()
}
