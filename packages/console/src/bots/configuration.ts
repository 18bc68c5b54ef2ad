import { StewardError } from '@steward/api/client'

export interface ServerProblem {
  part: 'data' | 'schema'
  /** Within the part. */
  path: readonly string[]
  message: string
}

/**
 * What the server says is wrong with a configuration, by where it stands. It names a place in its message
 * (`… "hours.open": Invalid …`, `… schema.properties.a.type: must …`) and the part in `metadata.path`.
 */
export function serverProblems(error: unknown): ServerProblem[] {
  if (!(error instanceof StewardError)) return []
  const { issues, path } = error.metadata
  if (Array.isArray(issues)) return (issues as { path: string; message: string }[]).flatMap(ofIssue)
  if (error.type === 'InvalidDataFormat' && path === 'configuration.data') {
    const told = /: "([^"]+)": (.+?)\.?$/.exec(error.message)
    return [{ part: 'data', path: told?.[1]?.split('.') ?? [], message: sentence(told?.[2] ?? error.message) }]
  }
  if (error.type === 'InvalidJsonSchema' && path === 'configuration.schema') {
    const told = /: configuration\.schema((?:\.[^:]+)?): (.+?)\.?$/.exec(error.message)
    return [
      { part: 'schema', path: told?.[1]?.split('.').slice(1) ?? [], message: sentence(told?.[2] ?? error.message) },
    ]
  }
  return []
}

function ofIssue({ path, message }: { path: string; message: string }): ServerProblem[] {
  const [holder, part, ...rest] = path.split('.')
  if (holder !== 'configuration' || (part !== 'data' && part !== 'schema')) return []
  return [{ part, path: rest, message: sentence(message) }]
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`
}
