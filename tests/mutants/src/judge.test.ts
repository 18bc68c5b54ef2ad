import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { root } from './copy.ts'
import { judge, printUnseen } from './judge.ts'
import type { Outcome } from './run.ts'
import { placesOf, sample } from './sample.ts'
import { answers } from './survivors.ts'
import { QuickFirst, timingsFile } from './timings.ts'

const outcome = (fate: Outcome['fate'], replacement = 'false'): Outcome => ({
  file: 'packages/db/src/concurrency.ts',
  line: 27,
  original: 'this.#free > 0',
  replacement,
  fate,
})
const many = (count: number, fate: Outcome['fate']): Outcome[] => Array.from({ length: count }, () => outcome(fate))

test('nine of ten must be seen, and whatever is not must have an answer', () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {})
  expect(judge(many(10, 'seen'))).toBe(0)
  expect(judge([...many(99, 'seen'), outcome('unseen')])).toBe(1)
  printUnseen([outcome('seen'), outcome('unseen')])
  expect(print.mock.calls.flat().join('\n')).toContain('UNSEEN packages/db/src/concurrency.ts:27')
  expect(judge([])).toBe(1)
})

test('what no test reaches is counted as unseen, and named', () => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {})
  expect(judge([...many(8, 'seen'), ...many(2, 'unreached')])).toBe(1)
  expect(print.mock.calls.flat().join('\n')).toContain('8 of 10 mutants were seen (80.0 %)')
  printUnseen([outcome('unreached')])
  expect(print.mock.calls.flat().join('\n')).toContain('UNREACHED packages/db/src/concurrency.ts:27')
})

test('what could not be run is counted on neither side', () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  expect(judge([...many(10, 'seen'), ...many(10, 'error')])).toBe(0)
})

test('the same seed picks the same, another one others, and no place twice', () => {
  const all = Array.from({ length: 1000 }, (_, at) => at)
  expect(sample(all, 50, 1)).toEqual(sample(all, 50, 1))
  expect(sample(all, 50, 1)).not.toEqual(sample(all, 50, 2))
  expect(new Set(sample(all, 1000, 3)).size).toBe(1000)
})

test('the places are those of the source', async () => {
  const places = await placesOf(['packages/db/src/concurrency.ts'])
  expect(places.length).toBeGreaterThan(20)
  expect(
    places.every(({ file, place }) => file === 'packages/db/src/concurrency.ts' && /^\d+:\d+-\d+:\d+$/.test(place)),
  ).toBe(true)
})

test('every answer is about code that is still there', () => {
  const flat = (text: string): string => text.replaceAll(/\s+/g, ' ')
  for (const { file, original } of answers)
    expect(flat(readFileSync(join(root, file), 'utf8')), `${file}: ${original}`).toContain(flat(original))
})

test('quick files run first, and new ones before them', () => {
  writeFileSync(timingsFile, '/slow.test.ts\t900.5\n/quick.test.ts\t7\n')
  onTestFinished(() => rmSync(timingsFile))
  const files = ['/slow.test.ts', '/quick.test.ts', '/new.test.ts'].map((moduleId) => ({ moduleId }))
  const order = new QuickFirst()
  // Vitest names it.
  // oxlint-disable-next-line no-array-sort
  expect(order.sort(files).map(({ moduleId }) => moduleId)).toEqual(['/new.test.ts', '/quick.test.ts', '/slow.test.ts'])
})

test('a process that a test starts notes every place it reaches once, and at once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steward-mutants-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const hook = new URL('reach-child.ts', import.meta.url).href
  const run = `const { static: hits } = globalThis.__stryker__.mutantCoverage
    for (const id of ['7', '9', '7']) hits[id] = (hits[id] || 0) + 1
    if (hits['7'] === 2) process.kill(process.pid, 'SIGKILL')`
  const { signal } = spawnSync(process.execPath, [`--import=${hook}`, '--input-type=module', '-e', run], {
    env: { ...process.env, MUTANTS_HITS: join(folder, 'hits') },
  })
  expect(signal).toBe('SIGKILL')
  expect(readFileSync(join(folder, 'hits'), 'utf8')).toBe('7\n9\n')
})
