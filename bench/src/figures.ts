/** The figure that a share of the others does not exceed. */
export function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

/** The middle of some figures. */
export const median = (values: readonly number[]): number => at(values, 0.5)

/** How far the figures of one thing lie apart, as a share of the middle: the machine's noise. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values)
}

/** One line of the result: what was measured, the figure, and the goal it is held against. */
export interface Line {
  name: string
  figure: string
  goal: string
  met: boolean
}

export const ratio = (value: number): string => `${value.toFixed(2)} ×`
export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`
export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`
export const microseconds = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0)} µs`
export const kilobytes = (bytes: number): string => `${(bytes / 1e3).toFixed(1)} KB`
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

export function print(title: string, lines: readonly Line[]): void {
  console.log(`\n${title}`)
  const width = Math.max(...lines.map((line) => line.name.length))
  for (const line of lines)
    console.log(
      `  ${line.name.padEnd(width)}  ${line.figure.padStart(24)}  ${line.goal ? `${line.met ? 'ok ' : 'NOT'} ${line.goal}` : ''}`,
    )
}

/** Runs the things in turn, A B C A B C …, so that a drift of the machine meets all alike. */
export async function inTurn<K extends string>(
  rounds: number,
  things: Record<K, () => Promise<number>>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(things) as K[]
  const results = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>
  for (let round = 0; round < rounds; round++) for (const name of names) results[name].push(await things[name]())
  return results
}
