const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' })
const steps = [
  { unit: 'year', seconds: 31_557_600 },
  { unit: 'month', seconds: 2_629_800 },
  { unit: 'week', seconds: 604_800 },
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
] as const

/** "3m ago", "in 2d", "yesterday", "just now". @param at and @param now in milliseconds. */
export function relativeTime(at: number, now: number): string {
  const seconds = (at - now) / 1000
  const step = steps.find((candidate) => Math.abs(seconds) >= candidate.seconds)
  return step ? relative.format(Math.round(seconds / step.seconds), step.unit) : 'just now'
}

const local = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

/** The reader's own clock: "23 Nov 2026, 15:04:05". */
export function localTime(at: number): string {
  return local.format(at)
}

/** "2026-11-23 15:04:05 UTC". */
export function utcTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** The reader's zone: its name, and how far it is from UTC now, such as "GMT+1". */
export function zoneHere(): { name: string; short: string } {
  const format = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'shortOffset' })
  const name = format.resolvedOptions().timeZone
  const offset = format.formatToParts().find(({ type }) => type === 'timeZoneName')?.value ?? name
  return { name, short: name === 'UTC' ? 'UTC' : offset }
}

const numbers = new Intl.NumberFormat('en')

/** A count with its noun: "1 bot", "12,400 bots". */
export function count(n: number, [one, many]: readonly [string, string]): string {
  return `${numbers.format(n)} ${n === 1 ? one : many}`
}

export function number(n: number): string {
  return numbers.format(n)
}

/** "812 B", "9.5 MB". */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let size = n
  let unit = 0
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${unit === 0 ? size : size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`
}
