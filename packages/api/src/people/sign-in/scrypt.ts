import { scrypt, timingSafeEqual } from 'node:crypto'

/** Scrypt's cost (RFC 7914): at N = 2^17 and r = 8 one hash takes 128 MiB and a third of a second (ASVS 5.0, appendix C). */
interface Cost {
  N: number
  r: number
  p: number
}

const cost: Cost = { N: 2 ** 17, r: 8, p: 1 }
const keyLength = 32
/** What the sign-in library used of itself. */
const former: Cost = { N: 2 ** 14, r: 16, p: 1 }

interface Stored {
  cost: Cost
  salt: string | Buffer
  key: Buffer
}

/** @param salt 16 random bytes. @returns `scrypt$N$r$p$salt$key`, salt and key in base64url. */
export async function hashPassword(password: string, salt: Buffer): Promise<string> {
  const key = await derive(password, { cost, salt, length: keyLength })
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** @throws Error for what is no hash of ours. */
export async function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const stored = read(hash)
  const { length } = stored.key
  return timingSafeEqual(await derive(password, { ...stored, length }), stored.key)
}

/** Whether a hash was made at another cost than today's. */
export function isOutdated(hash: string): boolean {
  return !hash.startsWith(`scrypt$${cost.N}$${cost.r}$${cost.p}$`)
}

function read(hash: string): Stored {
  const [name, N, r, p, salt = '', key = ''] = hash.split('$')
  if (name === 'scrypt' && key !== '')
    return {
      cost: { N: Number(N), r: Number(r), p: Number(p) },
      salt: Buffer.from(salt, 'base64url'),
      key: Buffer.from(key, 'base64url'),
    }
  const [, formerSalt, formerKey] = /^([0-9a-f]{32}):([0-9a-f]{128})$/.exec(hash) ?? []
  if (formerSalt === undefined || formerKey === undefined) throw new Error('This is not a password hash.')
  return { cost: former, salt: formerSalt, key: Buffer.from(formerKey, 'hex') }
}

interface Derivation {
  cost: Cost
  salt: string | Buffer
  length: number
}

function derive(password: string, { cost: { N, r, p }, salt, length }: Derivation): Promise<Buffer> {
  const options = { N, r, p, maxmem: 128 * N * r * 2 }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, length, options, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}
