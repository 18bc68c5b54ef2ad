import { checkData, checkSchema } from '@steward/api/json-schema'
import { type Position, readJson } from './json-text.ts'

/** One thing that is wrong in a text of JSON, by line. */
export interface Problem extends Position {
  /** With dots, where a value is meant. */
  path: string
  message: string
}

export interface Checked {
  /** Undefined while the text is no JSON object. */
  value: Record<string, unknown> | undefined
  problems: readonly Problem[]
  /** Where a value stands, for what the server says of it. */
  positionOf: (path: readonly PropertyKey[]) => Position
}

const start: Position = { line: 1, column: 1 }

/** What a JSON object has to fit: a schema, or the rules for schemas themselves. */
export type Wanted = { schema: Record<string, unknown> | undefined } | 'a schema'

/** Reads a text that has to be one JSON object, and checks it as the server does. */
export function checkJson(text: string, wanted: Wanted): Checked {
  const read = readJson(text)
  if (read.fault) return { value: undefined, problems: [{ ...read.fault, path: '' }], positionOf: () => start }
  const { value, positionOf } = read
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return {
      value: undefined,
      problems: [{ ...start, path: '', message: 'It has to be an object: { … }.' }],
      positionOf,
    }
  const fault = wanted === 'a schema' ? checkSchema(value) : checkData(wanted.schema ?? {}, value)
  // A broken schema is told where it stands, not at the data.
  const told = fault?.kind === 'schema' && wanted !== 'a schema' ? null : fault
  const problems = told
    ? [{ ...positionOf(told.path), path: told.path.join('.'), message: asSentence(told.message, told.path) }]
    : []
  return { value: value as Record<string, unknown>, problems, positionOf }
}

/** What is wrong as the editor shows it: after the way to its place, where it has one. */
export function asSentence(message: string, path: readonly unknown[]): string {
  const text = `${message.replace(/\.$/, '')}.`
  return path.length > 0 ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
