import { type CharacterTest, type Flags, isCode, testFor } from './characters.ts'

/* Regular expressions of ECMA-262, as JSON Schema has them, read into a tree. What is a valid one the engine has said before. */

export type Edge = 'start' | 'end' | 'lineStart' | 'lineEnd' | 'word' | 'notWord'

export type Tree =
  | { kind: 'character'; test: CharacterTest }
  | { kind: 'sequence'; parts: readonly Tree[] }
  | { kind: 'choice'; options: readonly Tree[] }
  | { kind: 'repeat'; of: Tree; min: number; max: number }
  | { kind: 'edge'; edge: Edge }
  | { kind: 'look'; of: Tree; behind: boolean; negated: boolean }

/** Why a text is no pattern that can be run, as the end of "the pattern …". */
export class PatternFault extends Error {
  override readonly name = 'PatternFault'
}

const mostCharacters = 4000
const deepest = 100

/**
 * The tree of a pattern, and whether it counts code points (with the flag `u`) or, for patterns that only the older
 * grammar takes, such as `^\d{3}\-\d$`, code units.
 * @throws PatternFault
 */
export function readPattern(source: string): { tree: Tree; unicode: boolean } {
  if (source.length > mostCharacters) throw new PatternFault(`has more than ${mostCharacters} characters`)
  const unicode = isExpression(source, 'u')
  if (!unicode && !isExpression(source, '')) throw new PatternFault('is not a regular expression')
  return { tree: new Reader(source, unicode).whole(), unicode }
}

function isExpression(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags).flags === flags
  } catch {
    return false
  }
}

const quantifier = /(?:[*+?]|\{(\d+)(,(\d*))?\})\??/y
const groupStart = /\((?:\?(?:(<?[=!])|:|<[^>]*>|([ims]*)(?:-([ims]*))?:))?/y
const escape =
  /\\(?:c[A-Za-z]|x[\dA-Fa-f]{2}|u[Dd][89ABab][\dA-Fa-f]{2}\\u[Dd][C-Fc-f][\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|u\{[\dA-Fa-f]+\}|[pP]\{[^}]*\}|[^])/uy
const escapeOld = /\\(?:c[A-Za-z]|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|[0-3][0-7]{0,2}|[4-7][0-7]?|[^])/y
const characterClass = /\[(?:\\[^]|[^\]\\])*\]/y
/** Groups that capture, for telling a back-reference from an octal escape. */
const captures = /\\[^]|\[(?:\\[^]|[^\]\\])*\]|(\((?!\?)|\(\?<(?![=!]))/g

class Reader {
  readonly #source: string
  readonly #groups: number
  readonly #named: boolean
  #flags: Flags
  #at = 0
  #depth = 0

  constructor(source: string, unicode: boolean) {
    this.#source = source
    this.#flags = { unicode, i: false, m: false, s: false }
    const found = [...source.matchAll(captures)].filter(([, group]) => group !== undefined)
    this.#groups = found.length
    this.#named = found.some(([, group]) => group !== '(')
  }

  whole(): Tree {
    return this.#choice()
  }

  #choice(): Tree {
    if (++this.#depth > deepest) throw new PatternFault(`has groups nested deeper than ${deepest} levels`)
    const options = [this.#sequence()]
    while (this.#source[this.#at] === '|') {
      this.#at++
      options.push(this.#sequence())
    }
    this.#depth--
    return options.length === 1 ? options[0]! : { kind: 'choice', options }
  }

  #sequence(): Tree {
    const parts: Tree[] = []
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at]!)) parts.push(this.#term())
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts }
  }

  #term(): Tree {
    const atom = this.#atom()
    const found = this.#take(quantifier)
    if (!found) return atom
    const [text, min, list, max] = found
    if (min === undefined)
      return { kind: 'repeat', of: atom, min: text.startsWith('+') ? 1 : 0, max: text.startsWith('?') ? 1 : Infinity }
    const most = list === undefined ? Number(min) : max ? Number(max) : Infinity
    return { kind: 'repeat', of: atom, min: Number(min), max: most }
  }

  #atom(): Tree {
    const sign = this.#source[this.#at]!
    if (sign === '(') return this.#group()
    if (sign === '\\') return this.#escape()
    if (sign === '^' || sign === '$') {
      this.#at++
      const { m } = this.#flags
      if (sign === '^') return { kind: 'edge', edge: m ? 'lineStart' : 'start' }
      return { kind: 'edge', edge: m ? 'lineEnd' : 'end' }
    }
    if (sign === '[') return this.#written(this.#take(characterClass)![0])
    if (sign === '.') {
      this.#at++
      return this.#written('.')
    }
    const literal = this.#flags.unicode ? String.fromCodePoint(this.#source.codePointAt(this.#at)!) : sign
    this.#at += literal.length
    return this.#flags.i ? this.#written(literal) : { kind: 'character', test: isCode(literal.codePointAt(0)!) }
  }

  #group(): Tree {
    const [, look, on = '', off = ''] = this.#take(groupStart)!
    const flags = this.#flags
    const set = (flag: 'i' | 'm' | 's'): boolean => (flags[flag] || on.includes(flag)) && !off.includes(flag)
    this.#flags = { unicode: flags.unicode, i: set('i'), m: set('m'), s: set('s') }
    const of = this.#choice()
    this.#flags = flags
    this.#at++
    if (look === undefined) return of
    return { kind: 'look', of, behind: look.startsWith('<'), negated: look.endsWith('!') }
  }

  #escape(): Tree {
    const { unicode } = this.#flags
    const next = this.#source[this.#at + 1]!
    const number = /[1-9]\d*/y
    number.lastIndex = this.#at + 1
    const digits = number.exec(this.#source)?.[0]
    const refersByNumber = digits !== undefined && (unicode || Number(digits) <= this.#groups)
    if (refersByNumber || (next === 'k' && (unicode || this.#named)))
      throw new PatternFault('refers back to a group, which cannot be checked in bounded time')
    if (next === 'c' && !/[A-Za-z]/.test(this.#source[this.#at + 2] ?? '')) {
      // In the older grammar this is a backslash and a "c".
      this.#at++
      return { kind: 'character', test: isCode(92) }
    }
    const [text] = this.#take(unicode ? escape : escapeOld)!
    if (text === String.raw`\b`) return { kind: 'edge', edge: 'word' }
    if (text === String.raw`\B`) return { kind: 'edge', edge: 'notWord' }
    return this.#written(text)
  }

  #written(text: string): Tree {
    return { kind: 'character', test: testFor(text, this.#flags) }
  }

  #take(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.#at
    const found = expression.exec(this.#source)
    if (found) this.#at += found[0].length
    return found
  }
}
