import { StewardError, Unanswered, type ErrorType } from '@steward/api/client'

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

const nothing = { id: null, issues: [], roles: [] }

/** Reads anything that was thrown. Only what `fetch` could not bring is told as missing; a fault of the page is told as one. */
export function failureOf(error: unknown): Failure {
  if (error instanceof DOMException && error.name === 'AbortError')
    return {
      ...nothing,
      type: 'Unknown',
      message: 'The connection was lost before the response was complete. Try again.',
      unreachable: true,
    }
  if (error instanceof Unanswered) return unanswered(error)
  if (!(error instanceof StewardError)) return ownFault(error)
  if (error.data === undefined) return failureOf(error.cause)
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

function unanswered({ status }: Unanswered): Failure {
  if (status === null || (status >= 502 && status <= 504)) return offline
  const message = `Something between this page and Steward answered instead of it (HTTP ${status}). Check the proxy, or sign in to the network.`
  return { ...nothing, type: 'Unknown', message, unreachable: false }
}

const offline: Failure = {
  ...nothing,
  type: 'Offline',
  message: 'Steward does not answer. Check that it is running and that this computer can reach it.',
  unreachable: true,
}

/** The page's own words, or what its engine found wrong with the page. */
function ownFault(error: unknown): Failure {
  const text = error instanceof Error ? error.message : String(error)
  const isFault = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
  const message = isFault
    ? `Something went wrong on this page: ${text}. Reload it; if that does not help, report it.`
    : text
  return { ...nothing, type: 'Unknown', message, unreachable: false }
}
