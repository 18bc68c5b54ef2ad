import { dataFit } from '@steward/api/schema'

type Issue = ReturnType<typeof dataFit.dataIssues>[number]

export interface Mismatch {
  path: readonly PropertyKey[]
  message: string
}

/** Where data does not fit its JSON Schema, by the server's own check; empty when it does or when that cannot be told. */
export function mismatches(schema: unknown, data: unknown): Mismatch[] {
  return dataFit
    .dataIssues(schema, data)
    .slice(0, 50)
    .map((issue) => ({ path: issue.path, message: wordsOf(issue) }))
}

function wordsOf(issue: Issue): string {
  if (issue.code === 'invalid_type')
    return issue.input === undefined && issue.message.endsWith(' received undefined')
      ? 'This is missing.'
      : `It has to be ${article(issue.expected)}.`
  if (issue.code === 'unrecognized_keys')
    return `The schema knows no ${issue.keys.map((key) => `"${key}"`).join(', ')}.`
  return `${issue.message.replace(/^Invalid input: e/, 'E')}.`
}

function article(type: string): string {
  const word = { int: 'integer', record: 'object' }[type] ?? type
  return `${/^[aio]/.test(word) ? 'an' : 'a'} ${word}`
}
