import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

/** The colours of one block by name. */
function colours(block: string): Map<string, string> {
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]))
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** WCAG 2.2, 1.4.3. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}

const plain = ['n1', 'n2', 'n3', 'n4', 'raised']
const states = ['good', 'warn', 'bad', 'info']
const pairs: [text: string, on: string][] = [
  ...['n10', 'n11', 'n12'].flatMap((text) => plain.map((on): [string, string] => [text, on])),
  ...['n10', 'n11', 'n12', 'accent-text'].map((text): [string, string] => [text, 'accent-surface']),
  ...['accent-text', ...states].flatMap((text) => ['n1', 'n2', 'raised'].map((on): [string, string] => [text, on])),
  ...states.map((state): [string, string] => [state, `${state}-surface`]),
  ...['accent', 'accent-hover', 'bad-solid', 'bad-solid-hover'].map((on): [string, string] => ['on-accent', on]),
  ['n1', 'n12'],
]
/** Borders of controls, focus and bars: WCAG 2.2, 1.4.11. */
const shapes: [shape: string, on: string][] = [
  ...['n1', 'n2', 'raised'].flatMap((on) => ['ring', 'n8', 'n9'].map((shape): [string, string] => [shape, on])),
  ...Array.from({ length: 8 }, (_, index): [string, string] => [`chart-${index + 1}`, 'raised']),
]

const [light = '', dark = ''] = [/:root \{([^}]+)\}/.exec(css)?.[1], /data-theme='dark'\] \{([^}]+)\}/.exec(css)?.[1]]

it.each([
  ['light', light],
  ['dark', dark],
])('%s text and shapes can be told from what they lie on', (_, block) => {
  const colour = colours(block)
  const weak = (list: [string, string][], least: number) =>
    list.flatMap(([a, b]) => {
      const [front, back] = [colour.get(a), colour.get(b)]
      if (!front || !back) return [`${a} or ${b} is missing`]
      const found = contrast(front, back)
      return found < least ? [`${a} on ${b}: ${found.toFixed(2)}`] : []
    })
  expect([...weak(pairs, 4.5), ...weak(shapes, 3)]).toEqual([])
})
