import { afterEach, beforeEach, expect, test } from 'vitest'
import { forgetDrafts, readDraft, setDraftOwner, writeDraft } from './drafts.ts'

const draft = { at: 1, fields: { name: { base: 'A', mine: 'B' } } }

beforeEach(() => sessionStorage.clear())
afterEach(() => setDraftOwner(null))

test('a draft is found by the same person at the same installation, and by nobody else', () => {
  setDraftOwner('web http://a person')
  writeDraft('bot 1', draft)
  expect(readDraft('bot 1')).toEqual(draft)
  expect(readDraft('bot 2')).toBeNull()
  for (const other of ['web http://a other', 'remote http://b person', null]) {
    setDraftOwner(other)
    expect(readDraft('bot 1')).toBeNull()
  }
})

test('nothing is kept while nobody is here', () => {
  writeDraft('bot 1', draft)
  expect(sessionStorage).toHaveLength(0)
})

test('what is no draft is none, and all of them can be forgotten', () => {
  setDraftOwner('web http://a person')
  for (const text of ['{', 'null', '7', '{"at":1}', '{"at":"x","fields":{}}', '{"at":1,"fields":{"a":null}}']) {
    sessionStorage.setItem('steward.draft web http://a person bot 1', text)
    expect(readDraft('bot 1')).toBeNull()
  }
  sessionStorage.setItem('other', 'stays')
  writeDraft('bot 1', draft)
  forgetDrafts()
  expect([readDraft('bot 1'), sessionStorage.getItem('other')]).toEqual([null, 'stays'])
})
