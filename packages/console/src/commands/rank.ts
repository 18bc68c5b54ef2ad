/**
 * How well something answers what was typed, from 0 (not at all) to 1. Every typed word has to be found: at the
 * beginning of a word, or anywhere in longer ones. Names count more than the other words that find a thing.
 * @param names what it is called first, then what else finds it.
 */
export function rank(typed: string, names: readonly string[]): number {
  const wanted = wordsOf(typed)
  if (wanted.length === 0) return 1
  const [name = '', ...others] = names.map((text) => text.toLowerCase())
  const whole = typed.trim().toLowerCase()
  if (name === whole) return 1
  if (name.startsWith(whole)) return 0.9
  const rest = others.join(' ')
  let score = 0.8
  for (const word of wanted) {
    const found = beginsIn(name, word) ? 0.8 : name.includes(word) ? 0.6 : beginsIn(rest, word) ? 0.4 : 0
    if (found === 0) return others.some((other) => word.length > 3 && other.includes(word)) ? 0.2 : 0
    score = Math.min(score, found)
  }
  return score
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean)
}

function beginsIn(text: string, word: string): boolean {
  return text.startsWith(word) || wordsOf(text.replaceAll(/[^\p{L}\p{N}]+/gu, ' ')).some((one) => one.startsWith(word))
}
