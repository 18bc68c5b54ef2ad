import { expect, test } from 'vitest'
import { whyNotIn } from './provider-error.ts'

test.each([
  ['access_denied', 'did not let you in'],
  ['something_new', 'did not work (something_new)'],
  ['<b>Call 555</b>', 'did not work. Try'],
  ['constructor', 'did not work (constructor)'],
])('%s', (code, words) => {
  expect(whyNotIn(code)).toContain(words)
})
