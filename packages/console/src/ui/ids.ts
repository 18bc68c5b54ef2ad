/** An id shortened in the middle, so that its kind and its end still tell it apart: `bot_01JZ…9FQ2`. */
export function shortId(id: string, keep = { start: 8, end: 4 }): string {
  return id.length <= keep.start + keep.end + 1 ? id : `${id.slice(0, keep.start)}…${id.slice(id.length - keep.end)}`
}

/** Up to two letters for a person or a workspace. */
export function initialsOf(name: string): string {
  const words =
    name
      .split('@')[0]
      ?.split(/[\s._-]+/)
      .filter(Boolean) ?? []
  const letters = words.slice(0, 2).map(firstLetter).join('')
  return letters === '' ? '?' : letters.toUpperCase()
}

const segmenter = new Intl.Segmenter()

/** What people see as one letter, even where it is several code points. */
function firstLetter(word: string): string {
  return segmenter.segment(word).containing(0)?.segment ?? ''
}
