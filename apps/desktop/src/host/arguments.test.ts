import { expect, test } from 'vitest'
import { readArguments } from './arguments.ts'

test('what main gives is read', () => {
  const given = ['electron', 'index.js', '--data', '/d', '--restore', '/b', '--accept-loss']
  expect(readArguments(given)).toEqual({ data: '/d', restore: '/b', acceptLoss: true })
  expect(readArguments(['electron', 'index.js', '--data', '/d'])).toEqual({
    data: '/d',
    restore: null,
    acceptLoss: false,
  })
})

test('switches that Chromium adds before and after change nothing', () => {
  const added = ['--type=utility', '--utility-sub-type=node.mojom.NodeService', '--no-sandbox', '--lang', '-psn_0_1']
  const given = ['electron', ...added, 'index.js', '--data', '/d', ...added, '--field-trial-handle=3,i,7']
  expect(readArguments(given)).toEqual({ data: '/d', restore: null, acceptLoss: false })
})

test('a host without a folder does not start', () => {
  expect(() => readArguments(['electron', 'index.js', '--data'])).toThrow('--data <folder>')
})
