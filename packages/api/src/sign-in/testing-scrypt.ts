/**
 * Vitest's setup: Scrypt is slow on purpose, and tests ask for the same again and again. What it made of a password
 * with a salt is kept, so that only the first of a sign-up and its sign-ins computes it.
 */
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/** The form that the sign-in library calls. */
type Call = [
  password: string,
  salt: string,
  length: number,
  options: crypto.ScryptOptions,
  answer: (error: Error | null, key: Buffer) => void,
]
type Scrypt = (...call: Call) => void

const remembers = Symbol.for('steward.remembers')

function remembering(compute: Scrypt): Scrypt {
  const keys = new Map<string, Buffer>()
  return (...call) => {
    const [password, salt, length, options, answer] = call
    const name = JSON.stringify([password, salt, length, options])
    const known = keys.get(name)
    const keep = (error: Error | null, key: Buffer): void => {
      if (!error) keys.set(name, key)
      answer(error, key)
    }
    if (known) setImmediate(answer, null, known)
    else compute(password, salt, length, options, keep)
  }
}

// Files share an engine: the second finds it done.
if (!(remembers in crypto.scrypt)) {
  Object.assign(crypto, { scrypt: Object.assign(remembering(crypto.scrypt), { [remembers]: true }) })
  syncBuiltinESMExports()
}
