import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BotDocument } from './bot.document.ts'
import { emptyDocument } from './bot.document.ts'
import { mergeMap, patchDocument, patchSecrets, patchTags } from './bot.patch.ts'
import type { UpdateBotInput } from './bot.schema.ts'
import { updateBotInput } from './bot.schema.ts'
import { installedIntegration, installedPlugin } from '../bot/bot.testing.ts'

const now = '2026-03-01T12:00:00.000Z'
const patchOf = (fields: object): UpdateBotInput => updateBotInput.parse({ id: 'bot', ...fields })
const patched = (current: Partial<BotDocument>, fields: object, multipleIntegrations = true): BotDocument =>
  patchDocument({ ...emptyDocument(), ...current }, patchOf(fields), { now, multipleIntegrations })

/** Few keys, so that patches meet; `constructor` is a key that every object seems to have. */
const key = fc.constantFrom('alpha', 'beta', 'constructor', 'p#alpha', 'p#q#alpha', 'q#alpha')
const mapOf = <T>(value: fc.Arbitrary<T>) => fc.dictionary(key, value, { noNullPrototype: true })
const patchMapOf = <T>(value: fc.Arbitrary<T>) => mapOf(fc.option(value, { nil: null }))
const schema = fc.constantFrom({}, { type: 'object' }, { type: 'object', title: 'other' })
const attributes = fc.dictionary(fc.constantFrom('a', 'b', 'toString'), fc.constantFrom('1', '2'), {
  noNullPrototype: true,
})
const event = fc.record(
  { schema, title: fc.constantFrom('x', 'y'), attributes },
  { requiredKeys: ['schema'], noNullPrototype: true },
)
const eventPatch = fc.record(
  {
    schema,
    title: fc.constantFrom('x', 'y'),
    attributes: fc.dictionary(fc.constantFrom('a', 'b', 'toString'), fc.constantFrom('1', null), {
      noNullPrototype: true,
    }),
  },
  { requiredKeys: ['schema'], noNullPrototype: true },
)
const alias = fc.constantFrom('p', 'q', 'p#q')

const own = <T>(map: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(map, name) ? map[name] : undefined

/** The plugin that a merged name belongs to, by hand: the names of this test have one each. */
const ownerOf = (name: string, installed: readonly string[]): string | undefined =>
  name.startsWith('p#q#') && installed.includes('p#q')
    ? 'p#q'
    : name.startsWith('p#') && installed.includes('p')
      ? 'p'
      : name.startsWith('q#') && installed.includes('q')
        ? 'q'
        : undefined

describe('a patch, against the rules said key by key', () => {
  test('maps: null deletes, absent keeps, a value is put', () => {
    fc.assert(
      fc.property(mapOf(fc.integer()), patchMapOf(fc.integer()), (current, patch) => {
        const result = mergeMap(current, patch, { put: (given: number) => given })
        for (const name of ['alpha', 'beta', 'constructor', 'p#alpha', 'p#q#alpha', 'q#alpha']) {
          const expected = Object.hasOwn(patch, name) ? (patch[name] ?? undefined) : own(current, name)
          expect(own(result, name)).toBe(expected)
        }
        expect(mergeMap(result, patch, { put: (given: number) => given })).toEqual(result)
      }),
    )
  })

  test('events and merged names, with plugins going and staying', () => {
    fc.assert(
      fc.property(
        mapOf(event),
        patchMapOf(eventPatch),
        fc.uniqueArray(alias),
        fc.uniqueArray(alias),
        (events, patch, installed, removed) => {
          const plugins = Object.fromEntries(installed.map((name) => [name, installedPlugin()]))
          const uninstall = Object.fromEntries(removed.map((name) => [name, null]))
          const frozen = structuredClone(events)
          const result = patched({ events, plugins }, { events: patch, plugins: uninstall })
          expect(events).toEqual(frozen)
          const after = installed.filter((name) => !removed.includes(name))
          expect(Object.keys(result.plugins).toSorted()).toEqual(after.toSorted())
          for (const name of ['alpha', 'beta', 'constructor', 'p#alpha', 'p#q#alpha', 'q#alpha']) {
            const owner = ownerOf(name, installed)
            const old = owner !== undefined && (removed as string[]).includes(owner) ? undefined : own(events, name)
            const kept = ownerOf(name, after) !== undefined
            expect(own(result.events, name)).toEqual(expectedEvent(old, own(patch, name), kept))
          }
        },
      ),
    )
  })

  test('tags: an empty text deletes as well', () => {
    fc.assert(
      fc.property(mapOf(fc.constantFrom('1', '2')), patchMapOf(fc.constantFrom('3', '')), (current, patch) => {
        const result = patchTags(current, patch)
        for (const name of Object.keys({ ...current, ...patch })) {
          const given = own(patch, name)
          expect(own(result, name)).toBe(given === undefined ? own(current, name) : given || undefined)
        }
      }),
    )
  })
})

type AnyEvent = { attributes?: Record<string, string | null> | undefined }

function expectedEvent(old: AnyEvent | undefined, given: AnyEvent | null | undefined, kept: boolean): unknown {
  if (given === undefined || (given === null && kept)) return old
  if (given === null) return undefined
  const { attributes: sent, ...rest } = given
  if (sent === undefined && old?.attributes === undefined) return rest
  const all = Object.entries({ ...old?.attributes, ...sent }).filter(([, value]) => value !== null)
  return { ...rest, attributes: Object.fromEntries(all) }
}

describe('single rules', () => {
  test('a patch without fields changes nothing', () => {
    const current: BotDocument = {
      ...emptyDocument(),
      actions: { 'p#run': { input: { schema: {} }, output: { schema: {} } } },
      plugins: { p: installedPlugin() },
      integrations: { chat: installedIntegration('intver_1') },
      medias: [{ url: 'https://a', name: 'a' }],
    }
    expect(patched(current, {})).toEqual(current)
  })

  test('undeclared nested keys are dropped', () => {
    const { events } = patched({}, { events: { born: { schema: { type: 'object' }, ui: { icon: 'x' } } } })
    expect(events).toEqual({ born: { schema: { type: 'object' } } })
  })

  test('schema, input and output replace; configuration parts replace one by one; medias replace', () => {
    const action = (type: string) => ({ input: { schema: { type, properties: {} } }, output: { schema: { type } } })
    const current = {
      actions: { run: action('object') },
      configuration: { data: { a: 1 }, schema: { type: 'object' } },
      medias: [{ url: 'u', name: 'n' }],
    }
    const next = { input: { schema: {} }, output: { schema: {} } }
    const result = patched(current, { actions: { run: next }, configuration: { data: { b: 2 } }, medias: [] })
    expect(result.actions).toEqual({ run: next })
    expect(result.configuration).toEqual({ data: { b: 2 }, schema: { type: 'object' } })
    expect(result.medias).toEqual([])
  })

  test('subscriptions: null is everything, names narrow it, null of a name drops it', () => {
    const named = { subscriptions: { events: { a: {}, b: {} } } }
    expect(patched({}, named).subscriptions).toEqual({ events: { a: {}, b: {} } })
    expect(patched({}, { subscriptions: { events: { a: null } } }).subscriptions).toEqual({ events: null })
    expect(patched(named, { subscriptions: { events: { a: null, c: {} } } }).subscriptions).toEqual({
      events: { b: {}, c: {} },
    })
    expect(patched(named, { subscriptions: { events: { a: null, b: null } } }).subscriptions).toEqual({ events: {} })
    expect(patched(named, { subscriptions: { events: null } }).subscriptions).toEqual({ events: null })
  })

  test('a recurring event keeps its failures until it is changed', () => {
    const declared = { schedule: { cron: '* * * * *' }, type: 'tick', payload: {} }
    const recurringEvents = { tick: { ...declared, failedAttempts: 3, lastFailureReason: 'down' } }
    expect(patched({ recurringEvents }, { recurringEvents: { tick: declared } }).recurringEvents).toEqual(
      recurringEvents,
    )
    const changed = { ...declared, payload: { a: 1 } }
    expect(patched({ recurringEvents }, { recurringEvents: { tick: changed } }).recurringEvents).toEqual({
      tick: { ...changed, failedAttempts: 0, lastFailureReason: null },
    })
  })

  test('secrets: names of new ones join, null of an unknown one does nothing', () => {
    const result = patchSecrets(['A', 'B'], { B: null, C: 'c', NONE: null })
    expect(result).toEqual({ set: [['C', 'c']], removed: ['B'], names: ['A', 'C'] })
  })
})

describe('integrations and plugins', () => {
  const integrations = {
    older: { ...installedIntegration('intver_1'), createdAt: '2026-01-01T00:00:00.000Z' },
    newer: { ...installedIntegration('intver_1'), createdAt: '2026-02-01T00:00:00.000Z' },
    'a/b.c#d': installedIntegration('intver_2'),
  }

  test('null uninstalls by alias, or of the oldest instance by integration id for clients of old', () => {
    expect(
      Object.keys(patched({ integrations }, { integrations: { newer: null, 'a/b.c#d': null } }).integrations),
    ).toEqual(['older'])
    expect(Object.keys(patched({ integrations }, { integrations: { intver_1: null } }, false).integrations)).toEqual([
      'newer',
      'a/b.c#d',
    ])
    expect(patched({ integrations }, { integrations: { intver_1: null, none: null } }).integrations).toEqual(
      integrations,
    )
  })

  test('an installed one takes what is sent and keeps the rest', () => {
    const sent = { older: { integrationId: 'intver_1', enabled: false, configurationType: null } }
    const { older, newer } = patched({ integrations }, { integrations: sent }).integrations
    expect(older).toEqual({ ...integrations.older, enabled: false, configurationType: null, updatedAt: now })
    expect(newer).toEqual(integrations.newer)
  })

  test('nothing can be installed anew, nor swapped for another', () => {
    for (const fields of [
      { integrations: { chat: { integrationId: 'intver_9', enabled: true } } },
      { integrations: { intver_9: {} } },
      { integrations: { older: { integrationId: 'intver_9' } } },
      { plugins: { other: { id: 'plugver_1' } } },
      { plugins: { hitl: { id: 'plugver_9' } } },
      { plugins: { hitl: { id: 'plugver_1', interfaces: { i: { integrationId: 'intver_9' } } } } },
    ])
      expect(() => patched({ integrations, plugins: { hitl: installedPlugin() } }, fields)).toThrow(
        expect.objectContaining({ type: 'ReferenceNotFound' }),
      )
  })

  test('a deploy of the official CLI leaves merged names alone until the plugin goes', () => {
    const run = { input: { schema: {} }, output: { schema: {} } }
    const current = { actions: { 'hitl#run': run, old: run }, plugins: { hitl: installedPlugin() } }
    const deploy = { actions: { mine: run, 'hitl#run': null, old: null } }
    const whole = {
      id: 'plugver_1',
      name: 'hitl',
      version: '1.0.0',
      uri: '/x',
      implementation: { type: 'Buffer', data: [1] },
    }
    expect(Object.keys(patched(current, { ...deploy, plugins: { hitl: whole } }).actions)).toEqual(['hitl#run', 'mine'])
    expect(patched(current, { ...deploy, plugins: { hitl: whole } }).plugins.hitl).not.toHaveProperty('implementation')
    expect(Object.keys(patched(current, { ...deploy, plugins: { hitl: null } }).actions)).toEqual(['mine'])
  })
})
