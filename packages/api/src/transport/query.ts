import { ApiError } from '../core/errors.ts'
import type { Sent } from './fields.ts'

/**
 * Query parameters by name, as the contract's client writes them (reference 1.3): repeated names make lists, everything
 * after the first dot is a key, brackets mean nothing.
 * @throws InvalidQuery for a broken percent-escape.
 */
export function parseQuery(query: string): Map<string, Sent> {
  const found = new Map<string, Sent>()
  for (const part of query.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = decode(equals < 0 ? part : part.slice(0, equals))
    const value = equals < 0 ? '' : decode(part.slice(equals + 1))
    const dot = name.indexOf('.')
    const sent = at(found, dot < 0 ? name : name.slice(0, dot), () => ({ plain: [], dotted: new Map() }))
    if (dot < 0) sent.plain.push(value)
    else at(sent.dotted, name.slice(dot + 1), () => []).push(value)
  }
  return found
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new ApiError('InvalidQuery', 'The query has an invalid percent-encoding.')
  }
}

function at<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
