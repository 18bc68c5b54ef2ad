import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

// docs/security/asvs.md answers every requirement of OWASP ASVS 5.0, levels 1 and 2; what it names must be there.

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const place = join(root, 'docs/security')

/** How many requirements each section of each chapter has at the levels 1 and 2 of version 5.0.0. */
const chapters: Readonly<Record<number, Readonly<Record<number, number>>>> = {
  1: { 1: 2, 2: 9, 3: 11, 4: 3, 5: 2 },
  2: { 1: 3, 2: 3, 3: 4, 4: 1 },
  3: { 2: 2, 3: 4, 4: 6, 5: 5, 7: 2 },
  4: { 1: 3, 2: 1, 3: 2, 4: 4 },
  5: { 1: 1, 2: 3, 3: 2, 4: 3 },
  6: { 1: 3, 2: 12, 3: 4, 4: 4, 5: 5, 6: 3, 8: 4 },
  7: { 1: 3, 2: 4, 3: 2, 4: 5, 5: 2, 6: 2 },
  8: { 1: 2, 2: 3, 3: 1, 4: 1 },
  9: { 1: 3, 2: 4 },
  10: { 1: 2, 2: 2, 3: 4, 4: 11, 5: 5, 6: 2, 7: 3 },
  11: { 1: 2, 2: 3, 3: 3, 4: 4, 5: 1, 6: 1 },
  12: { 1: 3, 2: 2, 3: 4 },
  13: { 1: 1, 2: 5, 3: 2, 4: 5 },
  14: { 1: 2, 2: 4, 3: 3 },
  15: { 1: 3, 2: 3, 3: 7 },
  16: { 1: 1, 2: 5, 3: 4, 4: 3, 5: 3 },
  17: { 1: 1, 2: 4, 3: 2 },
}

interface Row {
  id: string
  level: string
  subject: string
  answer: string
}

const rows: Row[] = readFileSync(join(place, 'asvs.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| +\d+\.\d+\.\d+ /.test(line))
  .map((line) => {
    const [id = '', level = '', subject = '', answer = ''] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
    return { id, level, subject, answer }
  })

const kindOf = (answer: string): string => /^(test|note|not applicable|not met): \S/.exec(answer)?.[1] ?? 'none'

describe('docs/security/asvs.md', () => {
  it('answers each of the 253 requirements of levels 1 and 2 once', () => {
    const wanted = Object.entries(chapters).flatMap(([chapter, sections]) =>
      Object.entries(sections).flatMap(([section, count]) =>
        Array.from({ length: count }, (_, index) => `${chapter}.${section}.${index + 1}`),
      ),
    )
    expect(wanted).toHaveLength(253)
    expect(rows.map(({ id }) => id)).toEqual(wanted)
    expect(rows.filter(({ level, subject }) => !/^[12]$/.test(level) || subject === '')).toEqual([])
    expect(rows.filter(({ level }) => level === '1')).toHaveLength(70)
  })

  it('with a test, a note or a reason, and says plainly what is not met', () => {
    expect(rows.filter(({ answer }) => kindOf(answer) === 'none').map(({ id }) => id)).toEqual([])
    const reasonless = rows.filter(({ answer }) => kindOf(answer) === 'not applicable' && answer.length < 40)
    expect(reasonless).toEqual([])
    const noteless = rows.filter(({ answer }) => kindOf(answer) === 'note' && !/\]\([^)]+\)/.test(answer))
    expect(noteless.map(({ id }) => id)).toEqual([])
  })

  it('names tests that are there', () => {
    const named = rows.flatMap(({ id, answer }) =>
      [...answer.matchAll(/`([^`]+)` › `([^`]+)`/g)].map(([, file = '', name = '']) => ({ id, file, name })),
    )
    const lost = named.filter(({ file, name }) => !existsSync(join(root, file)) || !holds(file, name))
    expect(lost).toEqual([])
    expect(named.length).toBeGreaterThan(100)
    const testless = rows.filter(({ id, answer }) => kindOf(answer) === 'test' && !named.some((one) => one.id === id))
    expect(testless.map(({ id }) => id)).toEqual([])
  })

  it('and documents that are there', () => {
    const links = rows.flatMap(({ id, answer }) =>
      [...answer.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, to = '']) => `${id} ${to}`),
    )
    expect(links.filter((link) => !existsSync(join(place, link.slice(link.indexOf(' ') + 1))))).toEqual([])
    expect(links.length).toBeGreaterThan(30)
  })

  it('counts what it has at its top', () => {
    const text = readFileSync(join(place, 'asvs.md'), 'utf8')
    for (const kind of ['test', 'note', 'not applicable', 'not met']) {
      const count = rows.filter(({ answer }) => kindOf(answer) === kind).length
      expect(text).toMatch(new RegExp(`\\| ${kind} +\\| +${count} +\\|`))
    }
  })
})

/** Whether the file has a test of that name, whichever quotes it stands in. */
function holds(file: string, name: string): boolean {
  const text = readFileSync(join(root, file), 'utf8')
  return ["'", '"', '`'].some(
    (quote) => new RegExp(`[(,\\s]${quote}`).test(text) && text.includes(quote + name + quote),
  )
}
