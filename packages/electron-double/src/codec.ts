/** What crosses a process in Electron is cloned; here it crosses as text, and what cannot be cloned is refused alike. */
export interface Codec {
  encode(value: unknown): string
  decode(text: string): unknown
}

/** Self-contained: its source is also run in pages. */
export function makeCodec(): Codec {
  const refuse = (what: string): never => {
    throw new DOMException(`${what} could not be cloned.`, 'DataCloneError')
  }
  const toBase64 = (bytes: Uint8Array): string => {
    let text = ''
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
    return btoa(text)
  }
  const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))
  const pack = (value: unknown): unknown => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number') return Number.isFinite(value) ? value : ['n', String(value)]
    if (value === undefined) return ['u']
    if (typeof value === 'bigint') return ['b', String(value)]
    if (typeof value === 'function' || typeof value === 'symbol') return refuse(String(value).slice(0, 60))
    if (value instanceof Date) return ['d', value.getTime()]
    if (value instanceof Error) return ['e', value.name, value.message]
    if (value instanceof ArrayBuffer) return ['a', toBase64(new Uint8Array(value))]
    if (ArrayBuffer.isView(value))
      return ['y', toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))]
    if (value instanceof Map) return ['m', [...value].map(([key, one]) => [pack(key), pack(one)])]
    if (value instanceof Set) return ['s', [...value].map(pack)]
    if (value instanceof Promise || value instanceof WeakMap) return refuse(Object.prototype.toString.call(value))
    if (Array.isArray(value)) return ['l', value.map(pack)]
    return ['o', Object.entries(value).map(([key, one]) => [key, pack(one)])]
  }
  const unpack = (packed: unknown): unknown => {
    if (!Array.isArray(packed)) return packed
    const [tag, body, more] = packed as [string, never, string]
    if (tag === 'n') return Number(body)
    if (tag === 'u') return undefined
    if (tag === 'b') return BigInt(body)
    if (tag === 'd') return new Date(body)
    if (tag === 'e') return Object.assign(new Error(more), { name: body })
    if (tag === 'a') return fromBase64(body).buffer
    if (tag === 'y') return fromBase64(body)
    if (tag === 'm') return new Map((body as unknown[][]).map(([key, one]) => [unpack(key), unpack(one)]))
    if (tag === 's') return new Set((body as unknown[]).map(unpack))
    if (tag === 'l') return (body as unknown[]).map(unpack)
    return Object.fromEntries((body as [string, unknown][]).map(([key, one]) => [key, unpack(one)]))
  }
  return { encode: (value) => JSON.stringify(pack(value)), decode: (text) => unpack(JSON.parse(text)) }
}

export const codec: Codec = makeCodec()
