import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConsole } from './console-files.ts'
import { freshFolder } from './process.testing.ts'

test('a built console is read whole, by the paths that browsers ask for', async () => {
  const folder = freshFolder()
  expect(await readConsole(join(folder, 'missing'))).toBeNull()
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'assets', 'app.js'), 'app')
  expect(await readConsole(folder)).toBeNull()
  writeFileSync(join(folder, 'index.html'), 'page')
  const pages = (await readConsole(folder)) ?? new Map<string, Uint8Array>()
  const texts = [...pages].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])
  expect(Object.fromEntries(texts)).toEqual({ '/index.html': 'page', '/assets/app.js': 'app' })
})
