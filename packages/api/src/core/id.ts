import { randomFillSync, randomUUID } from 'node:crypto'
import type { Clock } from './clock.ts'

/** What ids name; each area adds its own by `declare module`, and contributes their prefixes. */
export interface IdKinds {
  audit: true
  outbox: true
  request: true
}
export type IdKind = keyof IdKinds

/** Prefixes of ids (reference 1.7), by what they name. */
export type IdPrefixes = Readonly<Record<IdKind, string>>

/** Where ids and randomness come from; injected so that tests repeat. */
export interface Ids {
  /** `<prefix>_<ULID>`: 26 characters of Crockford's base 32, ordered by time, strictly rising in one process. */
  make(kind: IdKind): string
  /** A random UUID: ids of people are declared so. */
  uuid(): string
  /** Random bytes for secrets and salts. */
  bytes(count: number): Buffer
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Ids after the ULID specification, with its monotonic rule within one millisecond. */
export function systemIds(clock: Clock, prefixes: IdPrefixes): Ids {
  let last = -1
  let time = ''
  let random: Uint8Array = new Uint8Array(16)
  const draw = randomPool()
  return {
    make(kind) {
      const now = Math.max(clock.now(), last)
      if (now === last) increment(random)
      else {
        last = now
        time = encodeTime(now)
        random = draw(16)
        for (let i = 0; i < 16; i++) random[i] = (random[i] ?? 0) & 31
      }
      return `${prefixes[kind]}_${time}${encodeRandom(random)}`
    },
    uuid: () => randomUUID(),
    bytes: draw,
  }
}

/** Random bytes out of a store that is filled at once: asking the system costs more than the bytes. */
function randomPool(size = 4096): (count: number) => Buffer {
  const store = Buffer.alloc(size)
  let used = size
  return (count) => {
    if (count > size / 8) return randomFillSync(Buffer.alloc(count))
    if (used + count > size) {
      randomFillSync(store)
      used = 0
    }
    const drawn = Buffer.from(store.subarray(used, used + count))
    // What is a secret from here on stays in no second place.
    store.fill(0, used, used + count)
    used += count
    return drawn
  }
}

function increment(digits: Uint8Array): void {
  for (let i = digits.length - 1; i >= 0; i--) {
    const next = (digits[i] ?? 0) + 1
    digits[i] = next & 31
    if (next < 32) return
  }
}

function encodeTime(time: number): string {
  let text = ''
  let rest = time
  for (let i = 0; i < 10; i++) {
    text = alphabet.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}

const codes = Uint8Array.from(alphabet, (digit) => digit.charCodeAt(0))

const encoded = Buffer.alloc(16)

/** In one piece: put together digit by digit it is a chain of texts, one for each. */
function encodeRandom(digits: Uint8Array): string {
  for (let i = 0; i < encoded.length; i++) encoded[i] = codes[digits[i] ?? 0] ?? 0
  return encoded.toString('latin1')
}
