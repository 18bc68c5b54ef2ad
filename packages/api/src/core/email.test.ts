import { expect, test } from 'vitest'
import { toEmailAddress } from './email.schema.ts'

test('an address is kept in lower case', () => {
  expect(toEmailAddress('Ada.Lovelace+x@Example.COM')).toBe('ada.lovelace+x@example.com')
})

test.each([
  ['the Kelvin sign', '\u212Aate@example.com'],
  ['a long s', 'je\u017Fsica@example.com'],
  ['a dotted capital I', '\u0130da@example.com'],
  ['full-width letters', '\uFF41da@example.com'],
  ['a letter that looks like another', '\u0430da@example.com'],
  ['a domain beyond ASCII', 'ada@ex\u00E4mple.com'],
  ['a space', ' ada@example.com'],
  ['what is no text', 5],
  ['255 characters', `${'a'.repeat(243)}@example.com`],
])('%s is refused, not folded', (_what, given) => {
  expect(toEmailAddress(given)).toBeNull()
})
