/*
 * JSON as a person types it: where it is broken, in words and by line, and where each value stands. Engines say
 * neither alike, so the text is read here.
 */

export interface Position {
  /** From 1. */
  line: number
  /** From 1. */
  column: number
}

export interface JsonFault extends Position {
  message: string
  /** Characters from the start. */
  offset: number
}

export type ReadJson =
  | { value: unknown; fault: null; positionOf: (path: readonly PropertyKey[]) => Position }
  | { fault: JsonFault }

class Broken extends Error {
  readonly offset: number
  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const start = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - start + 1 }
}

/** Deeper than the server takes. */
const deepest = 120

/** Reads JSON; the first fault as a person would say it. */
export function readJson(text: string): ReadJson {
  const places = new Map<string, number>()
  try {
    const reader = new Reader(text, places)
    const value = reader.whole()
    const positionOf = (path: readonly PropertyKey[]): Position => {
      // What is missing stands nowhere: its holder does.
      for (let length = path.length; length >= 0; length--) {
        const offset = places.get(keyOf(path.slice(0, length)))
        if (offset !== undefined) return positionAt(text, offset)
      }
      return { line: 1, column: 1 }
    }
    return { value, fault: null, positionOf }
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    return { fault: { message: error.message, offset: error.offset, ...positionAt(text, error.offset) } }
  }
}

const keyOf = (path: readonly PropertyKey[]): string => JSON.stringify(path.map(String))

class Reader {
  private readonly text: string
  private readonly places: Map<string, number>
  private at = 0

  constructor(text: string, places: Map<string, number>) {
    this.text = text
    this.places = places
  }

  whole(): unknown {
    this.space()
    if (this.at >= this.text.length) throw new Broken(0, 'This is empty. An empty object is {}.')
    const value = this.value([])
    this.space()
    if (this.at < this.text.length) throw new Broken(this.at, 'There is something after the end of the JSON.')
    return value
  }

  private space(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? '')) this.at++
  }

  private value(path: readonly PropertyKey[]): unknown {
    if (path.length > deepest) throw new Broken(this.at, 'This is nested too deeply.')
    this.places.set(keyOf(path), this.at)
    const sign = this.text[this.at]
    if (sign === '{') return this.object(path)
    if (sign === '[') return this.array(path)
    if (sign === '"') return this.string()
    return this.word()
  }

  private object(path: readonly PropertyKey[]): Record<string, unknown> {
    const found: [string, unknown][] = []
    const names = new Set<string>()
    this.each('}', () => {
      const start = this.at
      if (this.text[start] !== '"') throw new Broken(start, this.noName())
      const name = this.string()
      if (names.has(name)) throw new Broken(start, `"${name}" appears twice.`)
      names.add(name)
      this.space()
      if (this.text[this.at] !== ':') throw new Broken(this.at, `A colon is missing after "${name}".`)
      this.at++
      this.space()
      found.push([name, this.value([...path, name])])
      // Faults of a value are shown where its name begins.
      this.places.set(keyOf([...path, name]), start)
    })
    return Object.fromEntries(found)
  }

  private array(path: readonly PropertyKey[]): unknown[] {
    const found: unknown[] = []
    this.each(']', () => found.push(this.value([...path, found.length])))
    return found
  }

  private each(end: '}' | ']', item: () => void): void {
    const start = this.at++
    this.space()
    if (this.text[this.at] === end) return void this.at++
    for (;;) {
      item()
      this.space()
      const sign = this.text[this.at]
      if (sign === end) return void this.at++
      if (sign === undefined) throw new Broken(start, `This ${end === '}' ? '{' : '['} is not closed.`)
      if (sign !== ',') throw new Broken(this.at, `A comma or ${end} is missing here.`)
      const comma = this.at++
      this.space()
      if (this.text[this.at] === end) throw new Broken(comma, `There is a comma before ${end}. Remove it.`)
    }
  }

  private noName(): string {
    const sign = this.text[this.at]
    if (sign === undefined) return 'The text ends where a name or } is expected.'
    return sign === "'" ? 'Names must be in double quotes.' : 'A name in double quotes is expected here.'
  }

  private string(): string {
    const start = this.at++
    for (;;) {
      const sign = this.text[this.at]
      if (sign === undefined || sign === '\n') throw new Broken(start, 'This string is missing its closing ".')
      if (sign === '\\') this.at += 2
      else if (sign === '"') break
      else if (sign < ' ')
        throw new Broken(this.at, 'Tabs and other control characters must be written as escapes, such as \\t.')
      else this.at++
    }
    this.at++
    try {
      return JSON.parse(this.text.slice(start, this.at)) as string
    } catch {
      throw new Broken(start, 'This string contains an unknown escape.')
    }
  }

  private word(): unknown {
    const start = this.at
    const word = /^[^\s,:{}[\]"]*/.exec(this.text.slice(start, start + 400))?.[0] ?? ''
    if (word === '')
      throw new Broken(
        start,
        start >= this.text.length ? 'The text ends where a value is expected.' : 'A value is expected here.',
      )
    this.at += word.length
    try {
      return JSON.parse(word) as unknown
    } catch {
      throw new Broken(start, `${word.slice(0, 40)} is not a JSON value. Strings must be in double quotes.`)
    }
  }
}

/** As the editor shows it. */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, null, 2)
}
