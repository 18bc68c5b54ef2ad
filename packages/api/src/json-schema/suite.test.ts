import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { checkData, checkSchema } from './index.ts'
import { knownDifferences } from './suite.known.ts'

interface SuiteGroup {
  description: string
  schema: unknown
  tests: readonly { description: string; data: unknown; valid: boolean }[]
}

/** The public suite lies beside the repository, or above the folder where it is worked on. */
function findSuite(): string | null {
  for (let at = import.meta.dirname; at !== dirname(at); at = dirname(at)) {
    const folder = join(at, 'shared/reference/json-schema-suite')
    if (existsSync(folder)) return folder
  }
  return null
}

const suite = findSuite()
if (suite === null)
  console.warn('JSON Schema suite: skipped, there is no ../shared/reference/json-schema-suite beside the repository.')

const drafts = [
  ['draft7', 904],
  ['draft2020-12', 1263],
] as const

function groupsOf(draft: string): [file: string, group: SuiteGroup][] {
  const folder = join(suite!, draft)
  return readdirSync(folder)
    .filter((file) => !['refRemote.json', 'vocabulary.json'].includes(file))
    .flatMap((file) =>
      (JSON.parse(readFileSync(join(folder, file), 'utf8')) as SuiteGroup[]).map((group): [string, SuiteGroup] => [
        file.replace('.json', ''),
        group,
      ]),
    )
}

describe.skipIf(suite === null)('the public suite', () => {
  test.each(drafts)('%s ends as it says, but for what is listed', (draft, count) => {
    let cases = 0
    const different: string[] = []
    for (const [file, { description, schema, tests }] of groupsOf(draft))
      for (const { description: name, data, valid } of tests) {
        cases++
        const fault = checkData(schema, data, { formats: false })
        const isRight = valid ? fault === null : fault?.kind === 'data'
        if (!isRight) different.push(`${draft}/${file}: ${description}: ${name}`)
      }
    expect(cases).toBeGreaterThanOrEqual(count)
    expect(different.toSorted()).toEqual(knownDifferences.filter((name) => name.startsWith(draft)))
  })

  test.each(drafts)('%s: every schema in it is one, and ends within its budget', (draft) => {
    const remote = knownDifferences.map((name) => name.split(': ')[1])
    const refused = groupsOf(draft)
      .filter(([, { description }]) => !remote.includes(description))
      .map(([file, { description, schema }]) => ({ file, description, fault: checkSchema(schema) }))
      .filter(({ fault }) => fault !== null)
    expect(refused).toEqual([])
  })

  test('what is no schema for the official meta-schema of 2020-12 is none here', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    const words: unknown[] = [1, -1, 1.5, 'x', true, null, [], ['a', 'a'], [1], {}, { a: 1 }, { a: {} }, [{}], ['a']]
    const keywords = new Set(groupsOf('draft2020-12').flatMap(([, { schema }]) => Object.keys(Object(schema))))
    for (const keyword of [...keywords].filter((name) => !/^\$(schema|ref|dynamicRef|id)$/.test(name)))
      for (const value of words) {
        const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', [keyword]: value }
        const isOne = ajv.validateSchema(schema) === true
        expect({ keyword, value, isOne: checkSchema(schema) === null }).toEqual({ keyword, value, isOne })
      }
  })
})
