import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { copyBlobs } from './blob-copy.ts'
import { freshFolder } from './installation.testing.ts'

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

test('bodies are copied but for those that are damaged, were copied, or have been collected meanwhile', async () => {
  const from = freshFolder()
  const put = (name: string, text: string): void => writeFileSync(join(from, name), text)
  put(hashOf('whole'), 'whole')
  put(hashOf('other'), 'damaged')
  put(hashOf('known'), 'known')
  put('README', 'no body')
  // Listed, and not there any more.
  symlinkSync(join(from, 'gone'), join(from, hashOf('gone')))
  const copied = new Set([hashOf('known')])
  const to = join(freshFolder(), 'blobs')
  await copyBlobs(from, to, copied)
  expect(copied).toEqual(new Set([hashOf('known'), hashOf('whole')]))
  await copyBlobs(join(from, 'missing'), to, copied)
})

test('a body that cannot be read for another reason is not left out without a word', async () => {
  const from = freshFolder()
  mkdirSync(join(from, hashOf('a folder')))
  const copied = new Set<string>()
  await expect(copyBlobs(from, join(freshFolder(), 'blobs'), copied)).rejects.toThrow('EISDIR')
  expect(copied.size).toBe(0)
})
