import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { KeyProblem, takeKey } from './key.ts'

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-key-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a key has 32 bytes or more; a shorter one is damaged, and not replaced', () => {
  const folder = newFolder()
  const file = join(folder, 'secret.key')
  for (const size of [0, 16, 24, 31]) {
    const text = 'ab'.repeat(size)
    writeFileSync(file, text)
    expect(() => takeKey(folder, true)).toThrow(KeyProblem)
    expect(readFileSync(file, 'utf8')).toBe(text)
  }
  for (const size of [32, 33]) {
    writeFileSync(file, 'ab'.repeat(size))
    expect(takeKey(folder, false)).toHaveLength(size)
  }
})

test('a key is made for new data only', () => {
  const folder = newFolder()
  expect(() => takeKey(folder, false)).toThrow(/secret\.key is missing/)
  const made = takeKey(folder, true)
  expect(made).toHaveLength(32)
  expect(takeKey(folder, false)).toEqual(made)
})
