import { expect, it } from 'vitest'
import procedures from '../page/copy-as/procedures.json' with { type: 'json' }
import { changeLabel, changeLabelBefore } from './action-labels.ts'

it('says what happened by what was called, where the contract’s action is rougher', () => {
  const key = { action: 'UPDATE_BOT', operation: 'bot.createKey' }
  expect([changeLabel(key), changeLabelBefore(key)]).toEqual(['created a key', 'created the key'])
  expect(changeLabelBefore({ action: 'UPDATE_BOT', operation: 'version.create' })).toBe('saved the version')
  expect(changeLabelBefore({ action: 'ADD_WORKSPACE_MEMBER', operation: 'member.invite' })).toBe('invited')
  expect(changeLabel({ action: 'UPDATE_BOT_CONFIG', operation: 'bot.update' })).toBe(
    'changed the configuration of a bot',
  )
  expect(changeLabelBefore({ action: 'UPDATE_BOT_CONFIG', operation: 'bot.update' })).toBe('configured')
  const joined = { action: 'ADD_WORKSPACE_MEMBER', operation: 'me.signUp' }
  expect([changeLabel(joined), changeLabelBefore(joined)]).toEqual([
    'signed up and joined the workspace',
    'signed up and joined as',
  ])
  expect(changeLabel({ action: 'REMOVE_WORKSPACE_MEMBER', operation: 'me.delete' })).toBe(
    'deleted their account and left',
  )
  expect(changeLabel({ action: 'SOMETHING_NEW' })).toBe('something new')
})

it('has words for every procedure that changes something', () => {
  const changing = Object.entries(procedures).flatMap(([path, { type }]) => (type === 'mutation' ? [path] : []))
  // Mutations for their secret's sake, which so stands in no address: they change nothing and leave no record.
  const looking = ['member.lookupInvitation', 'recovery.lookup']
  const without = changing.filter((operation) => changeLabel({ action: 'UNKNOWN', operation }) === 'made a change')
  expect(changing.length).toBeGreaterThan(40)
  expect(without).toEqual(looking)
})
