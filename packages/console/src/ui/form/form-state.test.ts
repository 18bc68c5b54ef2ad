import { describe, expect, it } from 'vitest'
import { type FormState, begin, clashesOf, draftOf, follow, restore, saved, settle } from './form-state.ts'

interface Bot {
  name: string
  about: string
}

const at = (name: string, about = 'one'): Bot => ({ name, about })
const typed = (state: FormState<Bot>, change: Partial<Bot>): FormState<Bot> => ({
  ...state,
  values: { ...state.values, ...change },
})

describe('the state of a form', () => {
  it('follows others in fields that nobody touched, and keeps what was typed', () => {
    const state = follow(typed(begin(at('A')), { about: 'mine' }), at('B'))
    expect(state).toEqual({ live: at('B'), base: at('B'), values: at('B', 'mine') })
    expect(clashesOf(state)).toEqual([])
  })

  it('shows both sides where both changed, until one is chosen', () => {
    const state = follow(typed(begin(at('A')), { name: 'mine' }), at('theirs'))
    expect(state.values.name).toBe('mine')
    expect(clashesOf(state)).toEqual([{ path: 'name', base: 'A', mine: 'mine', theirs: 'theirs' }])
    const kept = settle(state, 'name', 'mine')
    expect([clashesOf(kept), kept.base.name, kept.values.name]).toEqual([[], 'theirs', 'mine'])
    const taken = settle(state, 'name', 'theirs')
    expect([clashesOf(taken), taken.base, taken.values]).toEqual([[], at('theirs'), at('theirs')])
    // Chosen once is not chosen for the next change.
    expect(clashesOf(follow(kept, at('later')))).toMatchObject([{ mine: 'mine', theirs: 'later' }])
    // Who types what the others have is of one mind with them.
    expect(clashesOf(typed(state, { name: 'theirs' }))).toEqual([])
  })

  it('takes over what the server made of what was sent, and keeps what was typed since', () => {
    const sent = at('B ', 'two')
    const state = typed({ ...begin(at('A')), values: sent }, { about: 'three' })
    expect(saved(state, sent, at('B', 'two'))).toEqual({
      live: at('B', 'two'),
      base: at('B', 'two'),
      values: at('B', 'three'),
    })
  })

  it('shows what was sent until the server’s answer has arrived', () => {
    const sent = at('B ', 'one')
    const early = saved({ ...begin(at('A')), values: sent }, sent, at('A'))
    expect([early.base, early.values]).toEqual([sent, sent])
    expect(follow(early, at('B')).values).toEqual(at('B'))
  })

  it('is kept as a draft and found again, over what others did meanwhile', () => {
    const fields = draftOf(typed(begin(at('A')), { name: 'mine' }))
    expect(fields).toEqual({ name: { base: 'A', mine: 'mine' } })
    expect(restore(at('A', 'two'), fields)).toMatchObject({ base: at('A', 'two'), values: at('mine', 'two') })
    expect(clashesOf(restore(at('theirs'), fields))).toHaveLength(1)
    // Somebody else did just this.
    expect(restore(at('mine'), fields)).toEqual(begin(at('mine')))
  })

  it('finds nothing for fields that the form has no longer', () => {
    const old = { gone: { base: 'x', mine: 'y' }, about: { base: 1, mine: 2 }, name: { base: 'A', mine: 'B' } }
    expect(restore(at('A'), old)).toEqual({ live: at('A'), base: at('A'), values: at('B') })
  })

  it('keeps that a field was emptied', () => {
    const limit = (value: number | undefined) => ({ limit: value })
    const fields = draftOf({ ...begin(limit(5)), values: limit(undefined) })
    expect(restore(limit(5), JSON.parse(JSON.stringify(fields)) as typeof fields).values.limit).toBeUndefined()
  })
})
