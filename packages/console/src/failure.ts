import { StewardError, type ErrorType } from '@steward/api/client'

/** A failure as pages and forms show it. */
export interface Failure {
  type: ErrorType | 'Offline'
  message: string
  /** Names it in the server's log; null when no server answered. */
  id: string | null
  /** By field, as the server said them: `path` with dots. */
  issues: readonly { path: string; message: string }[]
  /** Which roles could, when this one may not. */
  roles: readonly string[]
  /** Nobody answered: asking again may help. */
  unreachable: boolean
}

/** Reads anything that was thrown. */
export function failureOf(error: unknown): Failure {
  const nothing = { issues: [], roles: [] }
  if (error instanceof DOMException && error.name === 'AbortError')
    return {
      ...nothing,
      type: 'Unknown',
      message: 'The answer broke off before it was whole. Try again.',
      id: null,
      unreachable: true,
    }
  if (!(error instanceof StewardError))
    return { ...nothing, type: 'Unknown', message: messageOf(error), id: null, unreachable: false }
  if (error.id === 'UNKNOWN' && error.data === undefined)
    return {
      ...nothing,
      type: 'Offline',
      message: 'Steward does not answer. Check that it is running and that this computer can reach it.',
      id: null,
      unreachable: true,
    }
  const { issues, roles } = error.metadata
  return {
    type: error.type,
    message: error.message,
    id: error.id,
    issues: Array.isArray(issues) ? (issues as Failure['issues']) : [],
    roles: Array.isArray(roles) ? (roles as string[]) : [],
    unreachable: error.code >= 502,
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
