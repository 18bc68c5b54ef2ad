import {
  type KeyObject,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash,
  hkdfSync,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Ids } from './id.ts'

/** SHA-256, hex. Right for random secrets; passwords go through the sign-in library. */
export function sha256(value: string | Uint8Array): string {
  return hash('sha256', value)
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function toBase62(value: bigint, width: number): string {
  let text = ''
  for (let rest = value; rest > 0n; rest /= 62n) text = base62.charAt(Number(rest % 62n)) + text
  return text.padStart(width, '0')
}

/** 32 bits need no big numbers, which every call would pay for. */
function checksum(text: string): string {
  let digits = ''
  for (let rest = crc32(text); rest > 0; rest = Math.floor(rest / 62)) digits = base62.charAt(rest % 62) + digits
  return digits.padStart(6, '0')
}

export type TokenPrefix = 'bp_pat_' | 'bp_bak_' | 'stw_inv_' | 'stw_set_' | 'stw_rec_'

/** A new secret value: prefix, 256 random bits in base 62, CRC-32 in base 62 (GitHub's token format). */
export function mintToken(ids: Ids, prefix: TokenPrefix): string {
  const body = `${prefix}${toBase62(BigInt(`0x${ids.bytes(32).toString('hex')}`), 43)}`
  return body + checksum(body)
}

/** Whether the text could be one of our tokens: rejects typing errors and foreign text without a database. */
export function isWellFormedToken(value: string): boolean {
  return (
    /^(bp_pat_|bp_bak_|stw_inv_|stw_set_|stw_rec_)[0-9A-Za-z]{49}$/.test(value) &&
    checksum(value.slice(0, -6)) === value.slice(-6)
  )
}

/** This process has a key that the database was used with before: what it sealed now would open with no other. */
export class KeyReplaced extends Error {
  override readonly name = 'KeyReplaced'
  constructor() {
    super('The secret key was replaced while this process was running. Restart it with the new key.')
  }
}

declare const purposeMark: unique symbol

/** What a text is sealed for. A column that holds sealed texts gives it: see `sealedColumn`. */
export type Purpose = string & { readonly [purposeMark]: true }

/** Keys made from the installation's one secret: sealing at rest, signed links, audit checkpoints. */
export interface Keys {
  /** AES-256-GCM with a random nonce; `purpose` is bound to the text, so a sealed value cannot be moved elsewhere. */
  seal(text: string, purpose: Purpose): string
  /** @throws Error when the text was not sealed by this installation for this purpose. */
  unseal(sealed: string, purpose: Purpose): string
  /** HMAC-SHA-256, base64url: for links that carry their own right. */
  mac(text: string): string
  macMatches(text: string, mac: string): boolean
  /** Ed25519 over the text, base64url. */
  sign(text: string): string
  /** The public half in SPKI PEM and a short name for it. */
  readonly publicKey: string
  readonly keyId: string
}

/** @param secret at least 32 random bytes: STEWARD_SECRET_KEY or the key file. */
export function makeKeys(secret: Uint8Array, ids: Ids): Keys {
  const sealing = derived(secret, 'seal')
  const linking = derived(secret, 'link')
  const privateKey = signingKeyOf(secret)
  const publicKey = publicKeyOf(secret)
  const mac = (text: string): string => createHmac('sha256', linking).update(text).digest('base64url')
  return {
    seal(text, purpose) {
      const nonce = ids.bytes(12)
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(purpose))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `v1.${Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')}`
    },
    unseal(sealed, purpose) {
      const raw = Buffer.from(sealed.replace(/^v1\./, ''), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', sealing, raw.subarray(0, 12)).setAAD(Buffer.from(purpose))
      decipher.setAuthTag(raw.subarray(-16))
      return Buffer.concat([decipher.update(raw.subarray(12, -16)), decipher.final()]).toString('utf8')
    },
    mac,
    macMatches(text, given) {
      const expected = Buffer.from(mac(text))
      const actual = Buffer.from(given)
      return expected.length === actual.length && timingSafeEqual(expected, actual)
    },
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
    publicKey,
    keyId: keyIdOf(publicKey),
  }
}

function derived(secret: Uint8Array, name: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'steward', name, 32))
}

function signingKeyOf(secret: Uint8Array): KeyObject {
  // RFC 8410: a PKCS #8 Ed25519 key is this fixed head and the 32-byte seed.
  const key = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), derived(secret, 'checkpoint')])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
}

/** The public half (SPKI PEM) of the key that this secret signs with. */
export function publicKeyOf(secret: Uint8Array): string {
  return createPublicKey(signingKeyOf(secret)).export({ format: 'pem', type: 'spki' }).toString()
}

/** The short name of a public key (SPKI PEM). */
export function keyIdOf(publicKey: string): string {
  return sha256(publicKey).slice(0, 16)
}

/** Checks an Ed25519 signature made by `Keys.sign`. */
export function signatureMatches(text: string, signature: string, publicKey: string): boolean {
  return verify(null, Buffer.from(text), createPublicKey(publicKey), Buffer.from(signature, 'base64url'))
}
