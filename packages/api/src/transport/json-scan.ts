/*
 * A pass over the bytes of a JSON text before anything is made of them: it counts the values that a schema declares and
 * cuts out those that it does not. So memory is bounded before it is spent, whatever the body holds.
 */

/** What is declared of a value: everything in it (`true`), nothing (`false`), or some of its parts. */
export type Shape =
  | boolean
  /** `rest` stands for keys that are not named. */
  | { keys: Readonly<Record<string, Shape>>; rest: Shape }
  | { items: Shape }

/** Levels of nesting; what is deeper could not be written as JSON again. */
const maxDepth = 1000

export type Refusal = 'syntax' | 'values'

class Refused extends Error {
  readonly why: Refusal

  constructor(why: Refusal) {
    super(why)
    this.why = why
  }
}

export type Scanned = { bytes: Uint8Array; values: number } | { refused: Refusal }

/**
 * Cuts undeclared members out of the JSON text, each to `"":0`, and counts the others: members of objects and items of
 * lists. The text is changed in place. What is kept has still to be parsed, and may turn out to be malformed; of what is
 * cut out only strings and brackets are looked at.
 * @param maxValues more are refused as `values`, as is what is nested deeper than 1,000 levels.
 */
export function scanJson(bytes: Uint8Array, shape: Shape, maxValues: number): Scanned {
  try {
    return new Scan(bytes, maxValues).run(shape)
  } catch (cause) {
    if (cause instanceof Refused) return { refused: cause.why }
    throw cause
  }
}

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const backslash = 0x5c
const openList = 0x5b
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** `"":0`, however often it stands there: one more key that no schema declares. */
const nothing = Uint8Array.of(quote, quote, colon, 0x30)

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

class Scan {
  readonly #bytes: Uint8Array
  readonly #text: Buffer
  readonly #maxValues: number
  readonly #closers = new Uint8Array(maxDepth)
  #at = 0
  #values = 1
  /** What is kept begins here since the last cut, and goes to `#end`. */
  #kept = 0
  #end = 0

  constructor(bytes: Uint8Array, maxValues: number) {
    this.#bytes = bytes
    this.#text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#maxValues = maxValues
  }

  run(shape: Shape): Scanned {
    this.#value(shape)
    if (this.#kept === 0) return { bytes: this.#bytes, values: this.#values }
    this.#keepUntil(this.#bytes.length)
    return { bytes: this.#bytes.subarray(0, this.#end), values: this.#values }
  }

  #value(shape: Shape): void {
    this.#space()
    if (typeof shape === 'object') {
      const first = this.#bytes[this.#at]
      if ('keys' in shape && first === openObject) return this.#object(shape)
      if ('items' in shape && first === openList) return this.#list(shape)
    }
    this.#pass(true)
  }

  #object({ keys, rest }: Extract<Shape, { keys: unknown }>): void {
    this.#each(closeObject, () => {
      if (this.#bytes[this.#at] !== quote) throw new Refused('syntax')
      const from = this.#at
      this.#string()
      const key = this.#key(from + 1, this.#at - 1)
      this.#space()
      if (this.#bytes[this.#at] !== colon) throw new Refused('syntax')
      this.#at += 1
      const shape = key !== null && Object.hasOwn(keys, key) ? (keys[key] ?? rest) : rest
      if (shape === false) return this.#cut(from)
      this.#count()
      this.#value(shape)
    })
  }

  #list({ items }: Extract<Shape, { items: unknown }>): void {
    this.#each(closeList, () => {
      this.#count()
      this.#value(items)
    })
  }

  /** From an opening bracket to what closes it, `member` by `member`. */
  #each(closer: number, member: () => void): void {
    this.#at += 1
    this.#space()
    if (this.#bytes[this.#at] === closer) return void (this.#at += 1)
    for (;;) {
      this.#space()
      member()
      this.#space()
      const next = this.#bytes[this.#at]
      this.#at += 1
      if (next === closer) return
      if (next !== comma) throw new Refused('syntax')
    }
  }

  #count(): void {
    this.#values += 1
    if (this.#values > this.#maxValues) throw new Refused('values')
  }

  /** The text between two places; null when it cannot be the name of a field. */
  #key(from: number, to: number): string | null {
    if (to - from > 600) return null
    const text = this.#text.toString('utf8', from, to)
    if (!text.includes('\\')) return text
    try {
      return JSON.parse(`"${text}"`) as string
    } catch {
      throw new Refused('syntax')
    }
  }

  /** Cuts out the member that begins here. What stands for it is no longer than any member can be. */
  #cut(from: number): void {
    this.#pass(false)
    this.#keepUntil(from)
    this.#bytes.set(nothing, this.#end)
    this.#end += nothing.length
    this.#kept = this.#at
  }

  /** Moves what was kept since the last cut to where the text so far ends. */
  #keepUntil(at: number): void {
    if (this.#end !== this.#kept) this.#bytes.copyWithin(this.#end, this.#kept, at)
    this.#end += at - this.#kept
  }

  /** Goes past one value, counting what is in it or not. */
  #pass(counting: boolean): void {
    const bytes = this.#bytes
    let depth = 0
    do {
      this.#space()
      const byte = bytes[this.#at]
      if (byte === quote) this.#string()
      else if (byte === openList || byte === openObject) {
        if (depth === maxDepth) throw new Refused('values')
        this.#closers[depth] = byte === openList ? closeList : closeObject
        depth += 1
        this.#at += 1
        this.#space()
        if (counting && bytes[this.#at] !== this.#closers[depth - 1]) this.#count()
        continue
      } else if (byte === closeList || byte === closeObject) {
        if (depth === 0 || byte !== this.#closers[depth - 1]) throw new Refused('syntax')
        depth -= 1
        this.#at += 1
      } else if (byte === comma || byte === colon) {
        if (depth === 0) throw new Refused('syntax')
        if (counting && byte === comma) this.#count()
        this.#at += 1
      } else this.#scalar()
    } while (depth > 0)
  }

  /** A number, `true`, `false` or `null`: whatever it says, it ends where no letter or digit follows. */
  #scalar(): void {
    const bytes = this.#bytes
    const from = this.#at
    let at = from
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0
      if (byte === comma || byte === closeList || byte === closeObject || byte === colon || isSpace(byte)) break
      if (byte === quote || byte === openList || byte === openObject) throw new Refused('syntax')
    }
    if (at === from) throw new Refused('syntax')
    this.#at = at
  }

  #string(): void {
    const bytes = this.#bytes
    const end = bytes.length
    let at = this.#at + 1
    while (at < end) {
      const byte = bytes[at]
      if (byte === quote) return void (this.#at = at + 1)
      at += byte === backslash ? 2 : 1
    }
    throw new Refused('syntax')
  }

  #space(): void {
    while (isSpace(this.#bytes[this.#at])) this.#at += 1
  }
}
