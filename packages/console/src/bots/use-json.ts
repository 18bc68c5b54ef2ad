import { useMemo } from 'react'
import { type Place, readJson } from './json-text.ts'
import { mismatches } from './json-schema.ts'

/** One thing that is wrong in a text of JSON, by line. */
export interface Problem extends Place {
  /** With dots, where a value is meant. */
  path: string
  message: string
}

export interface Checked {
  /** Undefined while the text is no JSON object. */
  value: Record<string, unknown> | undefined
  problems: readonly Problem[]
  /** Where a value stands, for what the server says of it. */
  placeOf: (path: readonly PropertyKey[]) => Place
}

const start: Place = { line: 1, column: 1 }

/** Reads a text that has to be one JSON object, and holds it against a schema where one is given. */
export function checkJson(text: string, schema?: Record<string, unknown>): Checked {
  const read = readJson(text)
  if (read.fault) return { value: undefined, problems: [{ ...read.fault, path: '' }], placeOf: () => start }
  const { value, placeOf } = read
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { value: undefined, problems: [{ ...start, path: '', message: 'It has to be an object: { … }.' }], placeOf }
  const problems = mismatches(schema, value).map(({ path, message }) => ({
    ...placeOf(path),
    path: path.map(String).join('.'),
    message,
  }))
  return { value: value as Record<string, unknown>, problems, placeOf }
}

export function useJson(text: string, schema?: Record<string, unknown>): Checked {
  return useMemo(() => checkJson(text, schema), [text, schema])
}
