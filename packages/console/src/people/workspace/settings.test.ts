import { workspace as shapes } from '@steward/api/schema'
import { describe, expect, it } from 'vitest'
import { changed } from '../../ui/form/paths.ts'
import { fieldsOf, handleProblem, linesOf } from './settings-values.ts'

describe('settings of a workspace', () => {
  it('sends what differs and nothing else', () => {
    const before = { name: 'A', about: '', isPublic: false }
    expect(changed(before, { ...before, about: 'x' })).toEqual({ about: 'x' })
    expect(changed(before, { ...before })).toEqual({})
  })
  it('reads one address per line', () => {
    expect(linesOf(' https://a.example \n\nhttps://b.example')).toEqual(['https://a.example', 'https://b.example'])
    expect(fieldsOf({ socialAccounts: '' })).toEqual({ socialAccounts: [] })
    expect(fieldsOf({ handle: ' north ' })).toEqual({ handle: 'north' })
  })
  it.each(['ab', '-abc', 'abc-', 'Abc', 'a b c', 'x'.repeat(51), ''])('refuses the handle "%s"', (handle) => {
    expect(handleProblem(handle)).not.toBeNull()
  })
  it.each(['abc', 'a-b', 'a_b', '0-9', 'x'.repeat(50)])('takes the handle "%s" as the server does', (handle) => {
    expect(handleProblem(handle)).toBeNull()
    expect(shapes.updateWorkspaceInput.safeParse({ id: 'w', handle }).success).toBe(true)
    expect(shapes.checkHandleAvailabilityInput.safeParse({ handle }).success).toBe(true)
  })
})
