import { areas } from './root.ts'
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

// The one arrow of ARCHITECTURE.md: db ← core ← audit ← people ← bots ← root ← transport ← installation ← apps.

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

interface Import {
  from: string
  /** A repository path for our own files, the bare name for packages. */
  to: string
  typeOnly: boolean
}

/** Tests and what they share included. */
function everything(folder: string, ending: RegExp): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => ending.test(name) && !/node_modules|\.types|test-results|\/dist\//.test(name))
}

function sources(folder: string, ending = /\.ts$/): string[] {
  return everything(folder, ending).filter((name) => !/\.test\.|testing|\.process\./.test(name))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/^(?:import|export) (type )?[^'";]*?from '([^']+)'/gms)].map(([, typeOnly, to = '']) => ({
    from: file,
    to: to.startsWith('.') ? relative(root, resolve(root, dirname(file), to)) : to,
    typeOnly: typeOnly !== undefined,
  }))
}

const files = [
  ...sources('packages/db/src'),
  ...sources('packages/api/src'),
  ...sources('packages/installation/src'),
  ...sources('apps/server/src'),
  ...sources('tests/durability/src'),
]
const shells = [...sources('packages/console/src'), ...sources('apps/desktop/src')].flatMap(importsOf)
const imports = files.flatMap(importsOf)
const api = 'packages/api/src/'

/** From left to right; an area is a folder, and imports only what stands to the left of it. */
const order = ['json-schema', 'core', 'audit', 'people', 'metering', 'bots']

/** How far right a file stands; imports may not go right. */
function level(file: string): number {
  if (/^(packages\/db\/|@steward\/db$)/.test(file)) return 0
  if (/^(packages\/installation\/|@steward\/installation$)/.test(file)) return 25
  if (/^((apps|tests)\/|@steward\/(server|desktop)(\/testing)?$)/.test(file)) return 30
  if (file.startsWith('@steward/api')) return 22
  if (!file.startsWith(api)) return -1
  const [folder = '', rest] = file.slice(api.length).split('/')
  if (rest === undefined) return { 'schema.ts': 20, 'core.area.ts': 20, 'root.ts': 20 }[folder] ?? 22
  return folder === 'transport' ? 21 : 1 + order.indexOf(folder)
}

const folderOf = (file: string): string => dirname(file)
const areaOf = (file: string): string => file.slice(api.length).split('/')[0] ?? ''
const inAnArea = (file: string): boolean =>
  file.startsWith(api) && ['audit', 'people', 'metering', 'bots'].includes(areaOf(file))

/** Folders that need each other at run time, each as the way round. */
function circles(): string[] {
  const needs = new Map<string, Set<string>>()
  for (const { from, to, typeOnly } of imports) {
    if (typeOnly || !from.startsWith(api) || !to.startsWith(api) || folderOf(from) === folderOf(to)) continue
    needs.set(folderOf(from), (needs.get(folderOf(from)) ?? new Set()).add(folderOf(to)))
  }
  const done = new Set<string>()
  const found: string[] = []
  const visit = (folder: string, way: readonly string[]): void => {
    if (way.includes(folder)) found.push([...way.slice(way.indexOf(folder)), folder].join(' → '))
    if (way.includes(folder) || done.has(folder)) return
    for (const next of needs.get(folder) ?? []) visit(next, [...way, folder])
    done.add(folder)
  }
  for (const folder of needs.keys()) visit(folder, [])
  return found
}

const desktop = sources('apps/desktop/src')
/** Instruments that look at the data from outside, on the engine that they are told. */
const isRig = (file: string): boolean => file.startsWith('tests/durability/src/')
/** A file without its comments. */
const codeOf = (file: string): string =>
  readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')

/** Who reaches a store's transactions, each for a reason; all others write by `write`, `count` and `record`. */
const writers: Readonly<Record<string, string>> = {
  'core/write/write.ts': 'the way to change what people administer',
  'core/write/count.ts': 'the way to count',
  'core/write/record.ts': 'the way to record what bots did',
  'core/write/read.ts': 'the way to read either store',
  'core/write/outbox.ts': 'takes and settles what a write promised',
  'core/write/retention.ts': 'deletes what ran out: nobody asked for it',
  'core/blob/blob-database.ts': 'bodies, which are stored before the write that names them',
  'core/rate-limit/shared-rate-limit.ts': 'counts calls of all servers, before anybody is known',
  'core/installation/installation.ts': 'the one row of the installation, before there is anybody to ask',
  'audit/checkpoint.service.ts': 'checkpoints of the chains that writes make',
  'audit/signing-key.service.ts': 'the key of the first start, before there is anybody to ask',
  'people/sign-in/better-auth.ts': 'the sign-in library brings its own SQL; what it changes is recorded by `write`',
  'people/sign-in/guesses.ts': 'counts by whoever guesses: nobody yet, who has no lane and no id to count under',
  'people/sign-in/hashing.ts': 'a password hashed anew at another cost: nothing about the person changes',
  'people/sign-in/background-write.ts': 'a session lasts longer because it is used',
  'transport/mounts.ts': 'asks both stores whether they answer',
}

const told = (list: readonly Import[]): string[] => list.map(({ from, to }) => `${from} → ${to}`)

describe('the architecture', () => {
  it('sees the whole tree', () => {
    expect(files.length).toBeGreaterThan(100)
    expect(imports.some(({ from, to }) => from.includes('/bots/') && to.includes('/core/'))).toBe(true)
  })

  it('imports point one way', () => {
    const upwards = imports.filter(({ from, to }) => level(to) > level(from))
    expect(told(upwards)).toEqual([])
  })

  it('every folder has its place on the arrow', () => {
    const found = new Set(
      files.filter((file) => file.startsWith(api) && folderOf(file) !== api.slice(0, -1)).map(areaOf),
    )
    expect([...found].filter((area) => area !== 'transport').toSorted()).toEqual(order.toSorted())
  })

  it('no folder needs one that needs it', () => {
    expect(circles()).toEqual([])
  })

  it('nobody reads the queries of another area', () => {
    const strangers = imports.filter(
      ({ from, to }) =>
        inAnArea(from) && to.endsWith('.queries.ts') && to.startsWith(api) && areaOf(from) !== areaOf(to),
    )
    expect(told(strangers)).toEqual([])
  })

  it('routers stand on the roof of their area, and only the root needs them', () => {
    const routers = files.filter((file) => file.endsWith('.router.ts'))
    expect(routers.filter((file) => folderOf(file) !== `${api}${areaOf(file)}`)).toEqual([])
    const users = imports.filter(({ from, to }) => to.endsWith('.router.ts') && from !== `${api}root.ts`)
    expect(told(users)).toEqual([])
  })

  it('suites and tests take other packages by their exports, never by a path across', () => {
    const homeOf = (file: string): string => /^(packages|apps|tests)\/[^/]+|^[^/]+/.exec(file)?.[0] ?? ''
    const all = ['packages', 'apps', 'tests', 'bench', 'examples'].flatMap((folder) => everything(folder, /\.tsx?$/))
    expect(all.some((file) => file.startsWith('tests/authorization/'))).toBe(true)
    const across = all
      .flatMap(importsOf)
      .filter(({ from, to }) => /^(packages|apps|tests|bench|examples)\//.test(to) && homeOf(from) !== homeOf(to))
    expect(told(across)).toEqual([])
  })

  it('schemas run in a browser: zod and other schemas only', () => {
    const strangers = imports.filter(
      ({ from, to }) => from.endsWith('.schema.ts') && to !== 'zod' && !to.endsWith('.schema.ts'),
    )
    expect(told(strangers)).toEqual([])
  })

  it('JSON Schema is checked alike in a browser: nothing but itself', () => {
    const home = `${api}json-schema/`
    const strangers = imports.filter(({ from, to }) => from.startsWith(home) && !to.startsWith(home))
    expect(told(strangers)).toEqual([])
  })

  it('the client’s side holds no server code', () => {
    const strangers = imports.filter(
      ({ from, to, typeOnly }) =>
        from === `${api}client.ts` &&
        !typeOnly &&
        !to.startsWith('@trpc/client') &&
        to !== '@trpc/server/observable' &&
        !/transport\/(event-source|unanswered)\.ts$/.test(to) &&
        !to.endsWith('.schema.ts'),
    )
    expect(told(strangers)).toEqual([])
  })

  it('the console takes types, schemas and the client, and nothing of a server', () => {
    const allowed = /^@steward\/api(\/(client|schema|json-schema))?$/
    const strangers = shells.filter(
      ({ from, to, typeOnly }) =>
        from.startsWith('packages/console/') &&
        ((to.startsWith('@steward/') && !allowed.test(to)) ||
          (to === '@steward/api' && !typeOnly) ||
          /^(node:|electron$|better-sqlite3|kysely)/.test(to) ||
          to.startsWith('packages/api/') ||
          to.startsWith('apps/')),
    )
    expect(told(strangers)).toEqual([])
  })

  it('of the desktop only the host knows the business', () => {
    const strangers = shells.filter(
      ({ from, to }) =>
        /^apps\/desktop\/src\/(main|preload|page|launcher)\//.test(from) &&
        /^@steward\/(api\/server|db|installation)|better-sqlite3/.test(to),
    )
    expect(told(strangers)).toEqual([])
  })

  it('routers hold no rules: no SQL, no branches, no try', () => {
    const guilty = files
      .filter((file) => file.endsWith('.router.ts'))
      .filter((file) =>
        /\bif \(|\btry \{|selectFrom|insertInto|updateTable|deleteFrom/.test(readFileSync(join(root, file), 'utf8')),
      )
    expect(guilty).toEqual([])
  })

  it('only queries and the core speak SQL', () => {
    const guilty = files
      .filter((file) => file.startsWith(api) && !file.endsWith('.queries.ts'))
      .filter((file) =>
        /\.(selectFrom|insertInto|updateTable|deleteFrom)\(/.test(readFileSync(join(root, file), 'utf8')),
      )
    expect(guilty).toEqual([])
  })

  it('no app speaks SQL, nor does the installation outside its queries', () => {
    const sql = /\.(selectFrom|insertInto|updateTable|deleteFrom|executeQuery)\(|\bsql(<[^>]*>)?`|from 'kysely'/
    const guilty = [...files, ...desktop]
      .filter((file) => /^(apps|packages\/installation|tests)\//.test(file) && !file.endsWith('.queries.ts'))
      .filter((file) => !isRig(file) && sql.test(codeOf(file)))
    expect(guilty).toEqual([])
  })

  it('stores are written by write, count and record, and by those who are named with their reasons', () => {
    const reaches =
      /\b(main|store|telemetry)\s*\.(write|library)\b|storesOf\([^)]*\)\s*\.telemetry|[{,] telemetry\b[^}]*\} = storesOf/
    const found = [...files, ...desktop].filter((file) => !isRig(file) && reaches.test(codeOf(file)))
    // The server wraps both stores to measure their writes.
    expect(found.filter((file) => file !== 'apps/server/src/metrics.ts').toSorted()).toEqual(
      Object.keys(writers)
        .map((file) => `${api}${file}`)
        .toSorted(),
    )
  })

  it('the two stores are never joined: no file queries both', () => {
    const both = files.filter((file) => {
      const code = codeOf(file)
      return (
        file.endsWith('.queries.ts') &&
        /\b(MainSchema|MainTx|Db)\b/.test(code) &&
        /\bTelemetry(Schema|Tx|Db)\b/.test(code)
      )
    })
    expect(both).toEqual([])
  })

  it('engines are named in packages/db/src/dialect only', () => {
    // Migrations are frozen, and the sign-in library is told "sqlite" on both engines: how values are spelled, not where they lie.
    const homes = /^packages\/(db\/src\/(dialect|migrations)|api\/src\/people\/sign-in)\//
    const named = /engine [=!]== |'(postgres|sqlite)'|SQLITE_|pg_stat|from '(better-sqlite3|pg|node:sqlite)'/
    const guilty = [...files, ...desktop].filter(
      (file) => !homes.test(file) && !isRig(file) && named.test(codeOf(file)),
    )
    expect(guilty).toEqual([])
  })

  it('no text becomes code, HTML, a program or SQL; patterns have one home', () => {
    const all = [...files, ...sources('packages/console/src', /\.tsx?$/), ...sources('apps/desktop/src')]
    const uses = (pattern: RegExp, homes = /^$/): string[] =>
      all.filter((file) => !homes.test(file) && pattern.test(readFileSync(join(root, file), 'utf8')))
    expect(all.length).toBeGreaterThan(400)
    expect(uses(/\beval\(|new Function\(|node:vm/)).toEqual([])
    expect(uses(/dangerouslySetInnerHTML|(inner|outer)HTML|insertAdjacentHTML|document\.write/)).toEqual([])
    expect(uses(/child_process/, /^tests\/durability\/src\//)).toEqual([])
    expect(uses(/sql\.raw/, /^packages\/db\/src\/(expressions|dialect\/(integrity|portable))\.ts$/)).toEqual([])
    expect(uses(/new RegExp\(/, /^packages\/api\/src\/json-schema\//)).toEqual([])
  })

  it('core and transport name nothing that an area contributes', () => {
    // What is contributed, but for what isolation itself is made of (decision 27).
    const ground = new Set(['self', 'account', 'workspace', 'user', 'session', 'token', 'preference', 'audit'])
    const contributed = [
      ...Object.keys(areas.permissions),
      ...Object.keys(areas.changes),
      ...Object.keys(areas.resources),
      ...Object.keys(areas.ids),
    ].filter((name) => !ground.has(name) && !/^(outbox|request)$/.test(name))
    // A bot's key is one of the kinds of actors; samples are words of the documentation; lanes have a version.
    const known = /kind(: | === )'bot'|core\/procedure\/samples\.ts|'version'.* \S+core\/write\/\S+\.queries\.ts$/
    const guilty = files
      .filter((file) => file.startsWith(`${api}core/`) || file.startsWith(`${api}transport/`))
      .flatMap((file) =>
        readFileSync(join(root, file), 'utf8')
          .split('\n')
          .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line))
          .filter((line) => contributed.some((name) => line.includes(`'${name}'`)) && !known.test(`${line} ${file}`))
          .map((line) => `${file}: ${line.trim()}`),
      )
    expect(contributed.length).toBeGreaterThan(80)
    expect(guilty).toEqual([])
  })

  it('clock, randomness and environment come from one place each', () => {
    const uses = (pattern: RegExp, homes: RegExp): string[] =>
      files
        .filter((file) => !file.startsWith('packages/db/') && !homes.test(file))
        .filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')))
    // The sign-in library tells the time by itself, and what is handed to it must agree.
    expect(uses(/Date\.now\(|new Date\(\)/, /(core\/clock|sign-in\/state-once)\.ts$/)).toEqual([])
    // A long text's mark is gone before anything leaves, so no test needs to know it.
    expect(
      uses(
        /Math\.random\(|randomUUID\(|randomBytes\(/,
        /core\/(id|errors|blob\/long-text)\.ts$|packages\/installation\/src\/key\.ts$/,
      ),
    ).toEqual([])
    expect(uses(/process\.env/, /apps\/server\/src\/config\.ts$/)).toEqual([])
  })
})
