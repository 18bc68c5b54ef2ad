import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { areas } from './root.ts'

// Whatever the installation's key is used for has to be dealt with when it is replaced (`replaceKey`). Nothing is sealed
// without a purpose, which the types requirePermission, and a purpose comes from a column that is told by `sealedColumn`.

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

const sources = new Map(
  ['packages/api/src', 'packages/db/src', 'apps/server/src', 'apps/desktop/src']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.|testing|\.process\./.test(name))
    .map((name) => [name, readFileSync(join(root, name), 'utf8')]),
)

const filesWith = (pattern: RegExp): string[] =>
  [...sources].flatMap(([name, text]) => (pattern.test(text) ? [name] : [])).toSorted()

describe('what the key of the installation is used for', () => {
  it('is sealing columns that are all in the list', () => {
    expect(sources.size).toBeGreaterThan(300)
    const told = [...sources.values()].flatMap((text) =>
      [...text.matchAll(/(?:sealedColumn\(|: SealedColumn = )\{\s*table: '(\w+)',\s*column: '(\w+)'/g)].map(
        ([, table, column]) => `${table}.${column}`,
      ),
    )
    expect(told.toSorted()).toEqual(areas.sealed.map(({ table, column }) => `${table}.${column}`).toSorted())
    const all = [...sources.values()].flatMap((text) => [...text.matchAll(/sealedColumn\(|: SealedColumn = /g)])
    expect(all).toHaveLength(told.length)
    expect(new Set(areas.sealed.map(({ what }) => what)).size).toBe(areas.sealed.length)
  })

  it('has no purpose from anywhere else', () => {
    expect(filesWith(/as Purpose\b/)).toEqual(['packages/api/src/core/sealed.ts'])
  })

  it('is otherwise only what ends with it, each on purpose', () => {
    const ends = {
      'packages/api/src/people/sign-in/sealed-factors.ts':
        'cookies, which end; second factors are a column of the list',
      'packages/api/src/people/sign-in/guesses.ts': 'names of counters, which begin anew',
      'packages/api/src/core/mail/mail-share.ts': 'names of counters, which begin anew',
      'packages/api/src/people/sign-in/device-cookie.ts':
        'cookies of known browsers, which end: the browser waits like any other',
      'packages/api/src/core/rate-limit/shared-rate-limit.ts': 'names of counters, which begin anew',
      'packages/api/src/people/sign-in/attempt.ts': 'the name of an unknown account in memory',
      'packages/api/src/bots/version/version-download.service.ts': 'links that are good for 15 minutes, which end',
    }
    expect(filesWith(/\b(mac|macMatches)\(/)).toEqual(
      [...Object.keys(ends), 'packages/api/src/core/secrets.ts'].toSorted(),
    )
    // Checkpoints stay provable: each key signs the public half of the one before.
    expect(filesWith(/keys\.sign\(/)).toEqual([
      'packages/api/src/audit/checkpoint.service.ts',
      'packages/api/src/audit/signing-key.service.ts',
    ])
    // The short name of the key: of cookies, which end, and of checkpoints.
    expect(filesWith(/derived\(/)).toEqual(['packages/api/src/core/secrets.ts'])
  })
})
