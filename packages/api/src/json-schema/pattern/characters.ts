/** What holds for a part of a pattern: the grammar, and the flags that groups such as `(?i:…)` set. */
export interface Flags {
  unicode: boolean
  i: boolean
  m: boolean
  s: boolean
}

/** Whether a character, given by its code, is one of those that a part of a pattern stands for. */
export type CharacterTest = (code: number) => boolean

export const isCode =
  (wanted: number): CharacterTest =>
  (code) =>
    code === wanted

/** Asked of the engine for one character at a time, where nothing can go back: it knows Unicode, and takes its own words for it. */
export function testFor(text: string, { unicode, i, s }: Flags): CharacterTest {
  const expression = new RegExp(`^(?:${text})$`, `${i ? 'i' : ''}${s ? 's' : ''}${unicode ? 'u' : ''}`)
  const known = new Int8Array(128)
  const ask = (code: number): boolean => expression.test(String.fromCodePoint(code))
  return (code) => {
    if (code >= known.length) return ask(code)
    if (known[code] === 0) known[code] = ask(code) ? 1 : -1
    return known[code] === 1
  }
}

export const isWord = (code: number | undefined): boolean =>
  code !== undefined &&
  ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95)

export const isLineEnd = (code: number | undefined): boolean =>
  code === 10 || code === 13 || code === 0x20_28 || code === 0x20_29
