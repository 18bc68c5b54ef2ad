import fc from 'fast-check'
import { expect, it } from 'vitest'
import { initialsOf, shortId } from './ids.ts'

it('shortens an id in its middle and never makes it longer', () => {
  expect(shortId('bot_01M84GW44HY34NHEDNGPX7N8G1')).toBe('bot_01M8…N8G1')
  expect(shortId('short')).toBe('short')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (id) => {
      const short = shortId(id)
      expect(short.length).toBeLessThanOrEqual(id.length)
      expect(
        short === id || (id.startsWith(short.split('…')[0] ?? '') && id.endsWith(short.split('…').at(-1) ?? '')),
      ).toBe(true)
    }),
  )
})

it.each([
  ['Ada Lovelace', 'AL'],
  ['grace@example.org', 'G'],
  ['jean-luc.picard@example.org', 'JL'],
  ['  ', '?'],
  ['👩‍🚀 crew', '👩‍🚀C'],
])('writes %s as %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials)
})
