import { expect, test } from 'vitest'

import { fromFlag, fromIso, fromJson, toFlag, toIso, toJson, type JsonText } from './values.ts'

test('times are UTC text with milliseconds, and sort as text', () => {
  const at = new Date('2026-01-02T03:04:05.060+02:00')
  expect(toIso(at)).toBe('2026-01-02T01:04:05.060Z')
  expect(fromIso('2026-01-02T01:04:05.060Z')).toEqual(at)
  expect(toIso(new Date(999)) < toIso(new Date(1000))).toBe(true)
})

test('other spellings of a time are refused', () => {
  for (const text of [
    '2026-01-02',
    '2026-01-02T01:04:05Z',
    '2026-02-30T00:00:00.000Z',
    '2026-01-02T01:04:05.060+02:00',
    '',
  ])
    expect(() => fromIso(text)).toThrow(RangeError)
})

test('flags are 0 and 1', () => {
  expect([toFlag(true), toFlag(false)]).toEqual([1, 0])
  expect([fromFlag(1), fromFlag(0)]).toEqual([true, false])
})

test('JSON text keeps the type of what it holds', () => {
  const text: JsonText<{ readonly names: string[] }> = toJson({ names: ['é', '"'] })
  expect(text).toBe('{"names":["é","\\""]}')
  const { names } = fromJson(text)
  expect(names.map((name) => name.length)).toEqual([1, 1])
  expect(() => toJson(undefined)).toThrow(TypeError)
  expect(() => toJson({ big: 1n })).toThrow(TypeError)
})
