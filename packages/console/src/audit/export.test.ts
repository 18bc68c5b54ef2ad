import { expect, test } from 'vitest'
import { collect, fileName, recordsIn } from './export.ts'

test('counts one record a line, without the line of names', () => {
  expect(recordsIn('{"a":1}\n{"a":2}\n', 'jsonl', true)).toBe(2)
  expect(recordsIn('seq,id\n1,a\n2,b\n', 'csv', true)).toBe(2)
  expect(recordsIn('3,c\n', 'csv', false)).toBe(1)
  expect(recordsIn('', 'csv', true)).toBe(0)
})

test('joins the pieces in their order and tells how far it is', async () => {
  const pieces = [
    { text: 'seq\n1\n', nextToken: 'b' },
    { text: '2\n', nextToken: null },
  ]
  const asked: (string | null)[] = []
  const seen: number[] = []
  const blob = await collect(
    'csv',
    async (token) => {
      asked.push(token)
      return pieces[asked.length - 1] ?? { text: '', nextToken: null }
    },
    { signal: new AbortController().signal, onProgress: ({ records }) => seen.push(records) },
  )
  expect(await blob.text()).toBe('seq\n1\n2\n')
  expect(asked).toEqual([null, 'b'])
  expect(seen).toEqual([1, 2])
})

test('stops when it is cancelled, with what it has thrown away', async () => {
  const cancel = new AbortController()
  let calls = 0
  const done = collect(
    'jsonl',
    async () => {
      calls++
      cancel.abort()
      return { text: '{}\n', nextToken: 'more' }
    },
    { signal: cancel.signal, onProgress: () => {} },
  )
  await expect(done).rejects.toThrow(/abort/i)
  expect(calls).toBe(1)
})

test('names the file after the workspace and the day', () => {
  expect(fileName('Harbour & City', 'csv', new Date('2026-11-23T23:59:00Z'))).toBe('audit-harbour-city-2026-11-23.csv')
  expect(fileName('日本', 'jsonl', new Date('2026-11-23T00:00:00Z'), 'checkpoints')).toBe(
    'checkpoints-workspace-2026-11-23.jsonl',
  )
})
