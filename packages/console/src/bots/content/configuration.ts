import { StewardError } from '@steward/api/client'
import { asSentence } from './use-json.ts'

export interface ServerProblem {
  part: 'data' | 'schema'
  /** Within the part. */
  path: readonly string[]
  message: string
}

/** What the server says is wrong with a configuration, by where it stands. */
export function serverProblems(error: unknown): ServerProblem[] {
  if (!(error instanceof StewardError)) return []
  const { issues, path, at, fault } = error.metadata
  if (Array.isArray(issues)) return (issues as { path: string; message: string }[]).flatMap(ofIssue)
  const part = typeof path === 'string' ? /^configuration\.(data|schema)$/.exec(path)?.[1] : undefined
  if (!part || !Array.isArray(at) || typeof fault !== 'string') return []
  return [{ part: part as ServerProblem['part'], path: at.map(String), message: asSentence(fault, at) }]
}

function ofIssue({ path, message }: { path: string; message: string }): ServerProblem[] {
  const [holder, part, ...rest] = path.split('.')
  if (holder !== 'configuration' || (part !== 'data' && part !== 'schema')) return []
  return [{ part, path: rest, message: asSentence(message, rest) }]
}
