import { cutText } from './cut.ts'

const hidden = '[hidden]'
const secretName = /password|secret|token|authorization|cookie|credential/i
const tokens = /\b(bp_pat_|bp_bak_|bp_iak_|stw_inv_|stw_set_|stw_rec_)[0-9A-Za-z]{8,}/g
const bearers = /\b(Bearer|Basic) +[\w.~+/=-]{8,}/gi

/** Bytes of JSON that the fields and the message of a line take together. With level and time it stays below 2 KB. */
const lineBytes = 1900
/** Of one text in a line: UTF-16 units that are looked at, and bytes of JSON that are written. */
const longestText = 700
const textBytes = 900
/** What is read beyond a text's end, so that a secret which the cut would halve is seen whole. */
const leastLookahead = 256
const mostEntries = 40
const deepest = 8

export interface CleanLine {
  fields: Record<string, unknown>
  message: string
}

/**
 * Makes what one line of the log says clean and short: nothing in it opens anything (tokens, passwords, cookies, the
 * secrets given here), errors are their words, and long texts, lists and objects are cut. Reads a bounded part of what
 * it is given.
 */
export function createCleaner(secrets: readonly string[]): (fields: object, message: string) => CleanLine {
  const lookahead = Math.max(leastLookahead, ...secrets.map((secret) => secret.length))

  const hide = (text: string): string => {
    let clean = text
    for (const secret of secrets) clean = clean.replaceAll(secret, hidden)
    return withoutPasswords(clean).replaceAll(tokens, `$1${hidden}`).replaceAll(bearers, `$1 ${hidden}`)
  }

  const short = (text: string): string => {
    const seen = text.slice(0, longestText + lookahead)
    const clean = hide(seen)
    if (seen.length === text.length) return cutText(clean, longestText)
    // The end of what was seen may be the beginning of a secret.
    return `${clean.slice(0, -lookahead).slice(0, longestText)}…`
  }

  return (fields, message) => {
    const line = new Line(short)
    const said = line.text(message)
    // Errors are long: the others have their say first.
    const ordered = Object.entries(fields).toSorted(
      ([, a], [, b]) => Number(a instanceof Error) - Number(b instanceof Error),
    )
    return { message: said, fields: line.entries(Object.fromEntries(ordered), deepest) }
  }
}

/** One line on its way, with the bytes that it may still take. */
class Line {
  readonly #short: (text: string) => string
  #left = lineBytes

  constructor(short: (text: string) => string) {
    this.#short = short
  }

  text(value: string): string {
    const text = fit(this.#short(value), Math.min(this.#left, textBytes))
    this.#left -= jsonBytes(text)
    return text
  }

  entries(object: object, depth: number): Record<string, unknown> {
    const clean: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(object).slice(0, mostEntries)) {
      if (this.#left <= 0) break
      const name = this.text(key)
      this.#left -= 2
      clean[name] = secretName.test(key.slice(0, longestText)) ? this.#unsaid(value) : this.#value(value, depth - 1)
    }
    return clean
  }

  /** Of what a secret's name stands over only how many, whether, or nothing is logged. */
  #unsaid(value: unknown): unknown {
    return typeof value === 'string' || (typeof value === 'object' && value !== null) ? hidden : this.#value(value, 0)
  }

  #value(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.text(value)
    this.#left -= 24
    if (typeof value === 'bigint') return this.text(String(value))
    if (value === null || typeof value !== 'object') return value
    if (depth <= 0 || this.#left <= 0) return '…'
    if (value instanceof Error) return this.entries(wordsOf(value), depth)
    if (ArrayBuffer.isView(value)) return '[bytes]'
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.#value(value.toJSON(), depth - 1)
    return Array.isArray(value) ? this.#items(value, depth) : this.entries(value, depth)
  }

  #items(list: readonly unknown[], depth: number): unknown[] {
    const clean: unknown[] = []
    for (const item of list.slice(0, mostEntries)) {
      if (this.#left <= 0) break
      clean.push(this.#value(item, depth - 1))
    }
    return clean
  }
}

/**
 * Of an error only its words: drivers hang whole connections on theirs, with what could cancel or join them. What caused
 * it stands before the stack, which is the first to be cut.
 */
function wordsOf(error: Error): object {
  const { name, message, stack, cause } = error
  const code: unknown = Reflect.get(error, 'code')
  return {
    type: name,
    message,
    ...(typeof code === 'string' && { code }),
    ...(cause !== undefined && { cause }),
    ...(typeof stack === 'string' && { stack: stack.slice(Math.max(0, stack.indexOf('\n    at ') + 1)) }),
  }
}

/** Addresses keep their user and lose the password: `postgres://user:…@host`. */
function withoutPasswords(text: string): string {
  if (!text.includes('://')) return text
  return text
    .split(/([\s"]+)/)
    .map((word) => {
      const scheme = word.indexOf('://')
      const colon = word.indexOf(':', scheme + 3)
      const end = word.lastIndexOf('@')
      return scheme >= 0 && colon >= 0 && end > colon ? `${word.slice(0, colon)}:${hidden}${word.slice(end)}` : word
    })
    .join('')
}

/** The beginning of a text that takes at most `most` bytes as JSON. */
function fit(text: string, most: number): string {
  if (jsonBytes(text) <= most) return text
  const room = most - jsonBytes('…')
  let end = text.length
  while (end > 0) {
    const size = jsonBytes(text.slice(0, end)) - 2
    if (size <= room) break
    end = Math.min(end - 1, Math.floor((end * Math.max(room, 0)) / size))
  }
  return end > 0 ? cutText(text, end) : ''
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text))
}
