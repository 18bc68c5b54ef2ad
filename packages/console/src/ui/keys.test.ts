import { describe, expect, it } from 'vitest'
import { matchWay, parseKeys, pressOf, printKeys } from './keys.ts'

const event = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})

describe('keys', () => {
  it('read ways, sequences and modifiers', () => {
    expect(parseKeys('g b|mod+1')).toEqual([
      [
        { key: 'g', mod: false, shift: false, alt: false },
        { key: 'b', mod: false, shift: false, alt: false },
      ],
      [{ key: '1', mod: true, shift: false, alt: false }],
    ])
  })

  it('take Ctrl or ⌘ by platform, and leave the other one alone', () => {
    const [[palette]] = parseKeys('mod+k') as [[ReturnType<typeof parseKeys>[0][0]]]
    expect(pressOf(event('k', { ctrlKey: true }), false)).toEqual(palette)
    expect(pressOf(event('k', { metaKey: true }), true)).toEqual(palette)
    expect(pressOf(event('k', { ctrlKey: true }), true)).toBeNull()
    expect(pressOf(event('k', { metaKey: true }), false)).toBeNull()
  })

  it('ignore how a layout reaches a sign, and modifiers alone', () => {
    expect(pressOf(event('?', { shiftKey: true }), false)).toEqual(parseKeys('?')[0]?.[0])
    expect(pressOf(event('[', { altKey: true }), true)).toEqual(parseKeys('[')[0]?.[0])
    expect(pressOf(event('Shift', { shiftKey: true }), false)).toBeNull()
    expect(pressOf(event('Enter', { shiftKey: true }), false)).toEqual(parseKeys('shift+enter')[0]?.[0])
  })

  it('match a sequence from its start', () => {
    const [way = []] = parseKeys('g b')
    const [g, b, m] = ['g', 'b', 'm'].map((key) => parseKeys(key)[0]?.[0])
    if (!g || !b || !m) throw new Error('Keys were not read.')
    expect([matchWay(way, [g]), matchWay(way, [g, b]), matchWay(way, [g, m]), matchWay(way, [g, b, b])]).toEqual([
      'start',
      'whole',
      null,
      null,
    ])
  })

  it('are shown as key caps', () => {
    expect([printKeys('mod+shift+c', true), printKeys('g b', false)]).toEqual([[['⌘', '⇧', 'C']], [['G'], ['B']]])
  })
})
