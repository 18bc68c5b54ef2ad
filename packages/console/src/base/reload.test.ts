import { expect, test } from 'vitest'
import { isMissingPart } from './reload.ts'

test.each([
  ['Chromium', new TypeError('Failed to fetch dynamically imported module: http://steward.test/assets/a.js'), true],
  ['Firefox', new TypeError('error loading dynamically imported module: http://steward.test/assets/a.js'), true],
  ['Safari', new TypeError('Importing a module script failed.'), true],
  ['a fault of the page', new TypeError('a is not a function'), false],
  ['a network that is away', new TypeError('Failed to fetch'), false],
  ['anything else', 'Failed to fetch dynamically imported module', false],
])('a missing part as %s says it', (_name, error, missing) => {
  expect(isMissingPart(error)).toBe(missing)
})
