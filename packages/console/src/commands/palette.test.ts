import { describe, expect, it, vi } from 'vitest'
import { type Entry, groupsFor } from './palette-groups.ts'
import { rank } from './rank.ts'
import { parseRecent } from './recent.ts'
import { typeAhead } from './type-ahead.ts'

describe('the palette', () => {
  it('puts names before other words, beginnings before the rest, and leaves out what only shares letters', () => {
    const scores = [
      ['Northwind support', 'wkspace_01'],
      ['The far north'],
      ['Great-north'],
      ['Mina Osei', 'mina@northwind.example'],
      ['Go to roles and permissions', 'who can rights matrix'],
    ].map((names) => rank('north', names))
    expect(scores).toEqual([0.9, 0.8, 0.8, 0.4, 0])
    expect(rank('bots go', ['Go to bots'])).toBeGreaterThan(0)
    expect(rank('go zebra', ['Go to bots'])).toBe(0)
    expect(rank('faq-de', ['faq-de'])).toBe(1)
    expect(rank('', ['anything'])).toBe(1)
    // An id is found by its end.
    expect(rank('9fq2', ['support-agent', 'bot_01jz9fq2'])).toBeGreaterThan(0)
  })

  it('shows what was chosen lately first, and what answers best', () => {
    const entry = (kind: Entry['kind'], id: string, heading: string): Entry => ({ kind, id, heading, names: [id] })
    const bots = Array.from({ length: 30 }, (_, index) => entry('bot', `north-${index}`, 'Bots'))
    const entries = [
      entry('command', 'Go to the north', 'Go to'),
      entry('command', 'Sign out', 'Person'),
      ...bots,
      entry('workspace', 'north', 'Workspaces'),
    ]
    const recent = [{ kind: 'bot', id: 'north-20', name: '', workspaceId: 'w' } as const]
    const shown = (typed: string) =>
      groupsFor(typed, entries, recent).map(({ heading, entries: own }) => [heading, own[0]?.id, own.length])
    expect(shown('')).toEqual([
      ['Recent', 'north-20', 1],
      ['Go to', 'Go to the north', 1],
      ['Person', 'Sign out', 1],
      ['Bots', 'north-0', 5],
      ['Workspaces', 'north', 1],
    ])
    expect(shown('north')).toEqual([
      ['Workspaces', 'north', 1],
      ['Bots', 'north-20', 8],
      ['Go to', 'Go to the north', 1],
    ])
    expect(shown('zebra')).toEqual([])
  })

  it('reads what was chosen lately, and nothing that is no such thing', () => {
    const kinds = ['command', 'bot']
    const bot = { kind: 'bot', id: 'b', name: 'faq', workspaceId: 'w' }
    expect(parseRecent(JSON.stringify([bot, { kind: 'bot' }, 'go.bots', null, { ...bot, kind: 'x' }]), kinds)).toEqual([
      bot,
    ])
    expect([parseRecent('go.bots go.home', kinds), parseRecent(null, kinds), parseRecent('{}', kinds)]).toEqual([
      [],
      [],
      [],
    ])
  })

  it('keeps what is typed before it is there', () => {
    let press: (event: KeyboardEvent) => void = () => {}
    const remove = vi.fn<() => void>()
    const target = {
      addEventListener: (_: string, listener: unknown) => (press = listener as typeof press),
      removeEventListener: remove,
    }
    const giveUp = vi.fn<() => void>()
    const ahead = typeAhead(giveUp, target)
    const kept = vi.fn<() => void>()
    const key = (name: string, held: object = {}): void =>
      press({ key: name, preventDefault: kept, stopPropagation: () => {}, ...held } as unknown as KeyboardEvent)
    for (const name of ['f', 'a', 'x', 'Backspace', 'q', 'Enter', 'ArrowDown', 'Shift']) key(name)
    key('k', { ctrlKey: true })
    expect([ahead.take(), kept.mock.calls.length]).toEqual([{ text: 'faq', enter: true }, 6])
    expect(remove).toHaveBeenCalledOnce()
    key('Escape')
    expect(giveUp).toHaveBeenCalledOnce()
  })
})
