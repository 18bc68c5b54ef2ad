import { expect, it } from 'vitest'
import { contactEmail, pictureAddress, socialAccount, webAddress } from './web-address.schema.ts'

const scripts = [
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  ' javascript:alert(1)',
  'java\tscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://a/b',
]
const takes = (schema: typeof contactEmail, text: string): boolean => schema.safeParse(text).success

it.each(scripts)('%j comes in nowhere', (text) => {
  for (const schema of [webAddress(), pictureAddress(), socialAccount, contactEmail])
    expect(takes(schema, text)).toBe(false)
})

it('takes addresses of the web, and an empty text for none', () => {
  for (const text of ['https://example.org', 'http://localhost:8075/x?y#z', ''])
    expect([takes(webAddress(), text), takes(pictureAddress(), text)]).toEqual([true, true])
  for (const text of ['example.org', '//example.org', '/x', 'mailto:a@example.org'])
    expect([text, takes(webAddress(), text), takes(pictureAddress(), text)]).toEqual([text, false, false])
  expect(takes(webAddress(20), `https://${'x'.repeat(20)}`)).toBe(false)
})

it('takes pictures as data, unless they can hold a program', () => {
  expect(takes(pictureAddress(), 'data:image/png;base64,iVBORw0KGgo=')).toBe(true)
  for (const text of ['data:image/svg+xml;base64,PHN2Zz4=', 'data:image/png,<svg>', 'data:image/png;base64,<script>'])
    expect([text, takes(pictureAddress(), text)]).toEqual([text, false])
})

it('takes social accounts by address and by name, and email addresses as such', () => {
  for (const text of ['https://social.example/@acme', '@acme', 'acme'])
    expect([text, takes(socialAccount, text)]).toEqual([text, true])
  expect(takes(socialAccount, 'mailto:a@example.org')).toBe(false)
  expect([takes(contactEmail, ''), takes(contactEmail, 'hello@example.org'), takes(contactEmail, 'anything')]).toEqual([
    true,
    true,
    false,
  ])
})
