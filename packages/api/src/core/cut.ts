/** The beginning of a text, at most `most` UTF-16 units of it and no half of a character; what is cut ends in an ellipsis. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  const splits = (text.charCodeAt(most - 1) & 0xfc00) === 0xd800
  return `${text.slice(0, splits ? most - 1 : most)}…`
}

interface Bounds {
  /** UTF-16 units of a text. */
  text: number
  /** Items of a list, entries of an object. */
  items: number
  depth: number
}

/** JSON with long texts and lists cut, so that what repeats a caller's words stays short whatever they sent. */
export function cutJson(value: unknown, { text, items, depth }: Bounds): unknown {
  if (typeof value === 'string') return cutText(value, text)
  if (value === null || typeof value !== 'object') return value
  if (depth === 0) return '…'
  const inner = { text, items, depth: depth - 1 }
  if (Array.isArray(value)) return value.slice(0, items).map((item) => cutJson(item, inner))
  const entries = Object.entries(value).slice(0, items)
  return Object.fromEntries(entries.map(([key, child]) => [cutText(key, text), cutJson(child, inner)]))
}
