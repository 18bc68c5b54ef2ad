import { TRPCClientError } from '@trpc/client'
import { StewardError } from '@steward/api/client'
import { describe, expect, test } from 'vitest'
import { patchedAllowlist } from '../access/allowlist.ts'
import { botListQuery } from './bot-list-query.ts'
import { nextVersionName, nameAlone, readableName, secretNameProblem, tagProblem } from './bot-labels.ts'
import { serverProblems } from '../content/configuration.ts'
import { countKinds, groupChanges, isShort, partLabel } from '../content/diff.ts'
import { patchedTags, undoOf } from './patches.ts'

function refusal(type: string, message: string, metadata: object): StewardError {
  const data = { id: 'err_1', code: 400, type, message, metadata }
  return new StewardError(TRPCClientError.from({ error: { message, code: -32600, data } } as never))
}

describe('patches', () => {
  const bot = { name: 'a', description: 'old', type: 'adk' as const, tags: { env: 'test', team: 'ops' } }

  test('tags: put, replaced and taken away', () => {
    expect(patchedTags(bot.tags, { env: 'live', team: null, x: '' })).toEqual({ env: 'live', x: '' })
    expect(patchedTags(bot.tags, undefined)).toEqual(bot.tags)
  })

  test('an update and its undo give the same bot', () => {
    const tags = { env: 'live', team: null, x: 'new' }
    const undo = undoOf(bot, { id: 'bot_1', workspaceId: 'w', name: 'b', tags })
    expect(undo).toEqual({ id: 'bot_1', workspaceId: 'w', name: 'a', tags: { env: 'test', team: 'ops', x: null } })
    expect(patchedTags(patchedTags(bot.tags, tags), undo.tags)).toEqual(bot.tags)
    expect(undoOf({ name: 'a', type: 'adk', tags: {} }, { id: 'b', description: 'x' })).toEqual({
      id: 'b',
      description: '',
    })
  })

  test('who can see a bot', () => {
    const list = { setting: 'ALL_WORKSPACE_USERS' as const, users: [{ id: 'a' }, { id: 'b' }] }
    expect(patchedAllowlist(list, { users: { b: false, c: true, a: true } }).users).toEqual([{ id: 'a' }, { id: 'c' }])
    expect(patchedAllowlist(list, { setting: 'SELECTED_USERS' })).toEqual({ ...list, setting: 'SELECTED_USERS' })
  })
})

describe('the list’s query', () => {
  const ask = (search: object) => botListQuery('w', search as Record<string, unknown>)

  test('is read off the address', () => {
    expect(ask({})).toEqual({ workspaceId: 'w' })
    const search = {
      q: ' help ',
      type: 'adk',
      state: 'deployed',
      tag: ['team=a=b', 'x='],
      sort: 'name.asc',
      dev: 'true',
    }
    expect(ask(search)).toEqual({
      workspaceId: 'w',
      dev: true,
      search: 'help',
      type: 'adk',
      deployed: true,
      tags: { team: 'a=b', x: '' },
      sortField: 'name',
      sortDirection: 'asc',
    })
    expect(ask({ state: 'not-deployed' })).toEqual({ workspaceId: 'w', deployed: false })
  })

  test('asks for nothing that the server would refuse', () => {
    expect(ask({ type: 'robot', state: 'x', sort: 'type.asc', q: '  ', tag: '=', dev: '1' })).toEqual({
      workspaceId: 'w',
    })
    expect(ask({ q: 'x'.repeat(300) }).search).toHaveLength(200)
  })
})

describe('words', () => {
  test.each([
    ['1.7.0', '1.8.0'],
    ['v1.9', 'v1.10'],
    ['build 41', 'build 42'],
    ['spring', ''],
    ['Deployed 2026-11-23T15:46:54.350Z', ''],
    [undefined, ''],
  ])('after %s comes %s', (last, next) => {
    expect(nextVersionName(last)).toBe(next)
  })

  test('moments in names are readable', () => {
    expect(readableName('Deployed 2026-11-23T15:46:54.350Z')).toMatch(/^Deployed 2\d Nov 2026, \d\d:\d\d:54$/)
    expect(readableName('1.0.0')).toBe('1.0.0')
    expect(nameAlone(readableName('Published 2026-11-23T15:46:54.350Z'))).toMatch(/^2\d Nov 2026, \d\d:\d\d:54$/)
    expect(nameAlone('Deployed by hand')).toBe('Deployed by hand')
  })

  test('names of secrets and tags', () => {
    expect(secretNameProblem('OPENAI_API_KEY', [])).toBe(null)
    expect(secretNameProblem('lower', [])).toContain('Uppercase')
    expect(secretNameProblem('A', ['A'])).toContain('already set')
    expect(secretNameProblem('', [])).toBe('Required.')
    expect(tagProblem('env', 'x')).toBe(null)
    expect(tagProblem('', 'x')).toContain('Enter a key')
    expect(tagProblem('k'.repeat(101), '')).toContain('100')
    expect(tagProblem('k', 'v'.repeat(501))).toContain('500')
  })
})

describe('versions', () => {
  test('changes by part', () => {
    const changes = [
      { path: ['actions', 'a'], kind: 'added' as const, after: 1 },
      { path: ['configuration', 'data', 'x'], kind: 'changed' as const, before: 1, after: 2 },
      { path: ['actions', 'b'], kind: 'removed' as const, before: 1 },
    ]
    expect(groupChanges(changes).map(({ part, changes: inside }) => [part, inside.length])).toEqual([
      ['actions', 2],
      ['configuration', 1],
    ])
    expect(countKinds(changes)).toEqual({ added: 1, removed: 1, changed: 1 })
    expect(partLabel('recurringEvents')).toBe('Recurring events')
    expect(partLabel('actions')).toBe('Actions')
    expect(isShort('x'.repeat(200))).toBe(false)
    expect(isShort({ a: 1 })).toBe(true)
  })
})

describe('what the server says of a configuration', () => {
  test('data', () => {
    const error = refusal(
      'InvalidDataFormat',
      'The configuration does not match its schema: "hours.a.b" must be a string.',
      { path: 'configuration.data', at: ['hours', 'a.b', 0], fault: 'must be a string' },
    )
    expect(serverProblems(error)).toEqual([{ part: 'data', path: ['hours', 'a.b', '0'], message: 'must be a string.' }])
  })

  test('schema', () => {
    const error = refusal('InvalidJsonSchema', 'This is not a valid JSON Schema: …', {
      path: 'configuration.schema',
      at: ['properties', 'a', 'type'],
      fault: 'must be one of "array", "string"',
    })
    expect(serverProblems(error)).toEqual([
      { part: 'schema', path: ['properties', 'a', 'type'], message: 'must be one of "array", "string".' },
    ])
    expect(
      serverProblems(refusal('InvalidJsonSchema', '…', { path: 'events.born.schema', at: [], fault: 'x' })),
    ).toEqual([])
  })

  test('issues of the shape, and nothing of what is not about it', () => {
    const issues = [
      { path: 'configuration.data', message: 'must be an object' },
      { path: 'name', message: 'is missing' },
    ]
    expect(serverProblems(refusal('InvalidPayload', 'No.', { issues }))).toEqual([
      { part: 'data', path: [], message: 'Must be an object.' },
    ])
    expect(serverProblems(new Error('x'))).toEqual([])
    expect(serverProblems(refusal('Forbidden', 'No.', {}))).toEqual([])
  })
})
