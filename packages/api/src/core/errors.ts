import { CommitUnknown, isBusy, isDiskFull } from '@steward/db'
import { TRPCError } from '@trpc/server'
import { randomBytes } from 'node:crypto'
import { cutJson, cutText } from './cut.ts'
import { KeyReplaced } from './secrets.ts'

/** Every error type of the contract (reference 1.5) with its HTTP status. There is no other vocabulary. */
export const errorStatus = {
  InvalidPayload: 400,
  InvalidJsonSchema: 400,
  InvalidDataFormat: 400,
  InvalidIdentifier: 400,
  ReferenceNotFound: 400,
  InvalidQuery: 400,
  Runtime: 400,
  BreakingChanges: 400,
  Unauthorized: 401,
  PaymentRequired: 402,
  Forbidden: 403,
  QuotaExceeded: 403,
  ResourceNotFound: 404,
  MethodNotFound: 405,
  RelationConflict: 409,
  ReferenceConstraint: 409,
  ResourceLockedConflict: 409,
  AlreadyExists: 409,
  ResourceGone: 410,
  PayloadTooLarge: 413,
  LimitExceeded: 413,
  UnsupportedMediaType: 415,
  RateLimited: 429,
  Unknown: 500,
  Internal: 500,
  OperationTimeout: 504,
} as const

export type ErrorType = keyof typeof errorStatus

const trpcCode = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  402: 'PAYMENT_REQUIRED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  409: 'CONFLICT',
  410: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
  504: 'GATEWAY_TIMEOUT',
} as const

/**
 * The one error class. `type` decides the HTTP status and the tRPC code; `metadata` is shown to the caller, so it
 * must hold no secret.
 */
export class ApiError extends TRPCError {
  readonly type: ErrorType
  readonly metadata: Record<string, unknown>

  constructor(type: ErrorType, message: string, metadata: Record<string, unknown> = {}) {
    super({ code: trpcCode[errorStatus[type]], message })
    this.type = type
    this.metadata = metadata
  }
}

/** The answer to an unknown and to a foreign resource alike. */
export function notFound(what: string, given: string): ApiError {
  const id = cutText(given, 64)
  return new ApiError('ResourceNotFound', `No ${what} with the id "${id}" is visible to you.`, { resource: what, id })
}

/** The body of every failure, on every endpoint (reference 1.5). */
export interface ErrorEnvelope {
  id: string
  code: number
  type: ErrorType
  message: string
  metadata: Record<string, unknown>
}

/** `err_` + UTC yyyymmddhhmmss + `x` + 8 upper-case hex digits, as the contract's client makes them. */
export function errorId(now: Date): string {
  const stamp = now.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)
  return `err_${stamp}x${randomBytes(4).toString('hex').toUpperCase()}`
}

const typeOfStatus: Partial<Record<TRPCError['code'], ErrorType>> = {
  PARSE_ERROR: 'InvalidPayload',
  BAD_REQUEST: 'InvalidPayload',
  UNAUTHORIZED: 'Unauthorized',
  FORBIDDEN: 'Forbidden',
  NOT_FOUND: 'ResourceNotFound',
  METHOD_NOT_SUPPORTED: 'MethodNotFound',
  PAYLOAD_TOO_LARGE: 'PayloadTooLarge',
  UNSUPPORTED_MEDIA_TYPE: 'UnsupportedMediaType',
  TOO_MANY_REQUESTS: 'RateLimited',
  CLIENT_CLOSED_REQUEST: 'OperationTimeout',
  TIMEOUT: 'OperationTimeout',
}

interface Issue {
  path: PropertyKey[]
  message: string
  code?: string
}

function issuesOf(cause: unknown): Issue[] | null {
  const issues = (cause as { issues?: unknown } | null | undefined)?.issues
  return Array.isArray(issues) ? (issues as Issue[]) : null
}

const idsOfErrors = new WeakMap<object, string>()

/** One id per error, so that the log and every answer about it name the same. */
function idOf(error: unknown, now: Date): string {
  if (error === null || typeof error !== 'object') return errorId(now)
  const id = idsOfErrors.get(error) ?? errorId(now)
  idsOfErrors.set(error, id)
  return id
}

/**
 * Turns anything thrown into the contract's envelope. What is not an ApiError or a refusal of tRPC itself says
 * nothing about its cause. Callers' words in it are cut: an error is short whatever was sent. `read` picks InvalidQuery over InvalidPayload for input that came by query string.
 */
export function toEnvelope(error: unknown, at: { now: Date; read?: boolean }): ErrorEnvelope {
  const { message, metadata, ...envelope } = whole(error, at)
  const bounded = cutJson(metadata, { text: 300, items: 100, depth: 6 }) as ErrorEnvelope['metadata']
  return { ...envelope, message: cutText(message, 600), metadata: bounded }
}

function whole(error: unknown, at: { now: Date; read?: boolean }): ErrorEnvelope {
  const id = idOf(error, at.now)
  if (error instanceof ApiError)
    return { id, code: errorStatus[error.type], type: error.type, message: error.message, metadata: error.metadata }
  const type = error instanceof TRPCError ? typeOfStatus[error.code] : undefined
  if (!type || !(error instanceof TRPCError)) return { id, ...inside(causeOf(error), id), metadata: {} }
  const issues = error.code === 'BAD_REQUEST' ? issuesOf(error.cause) : null
  if (issues) return { id, ...refusedInput(issues, at.read ?? false) }
  const message =
    error.code === 'BAD_REQUEST' || error.code === 'PARSE_ERROR' ? 'The request could not be read.' : error.message
  return { id, code: errorStatus[type], type, message, metadata: {} }
}

/** What a caller learns about an internal error: more only where the caller can do something about it. */
function inside(cause: unknown, id: string): Pick<ErrorEnvelope, 'code' | 'type' | 'message'> {
  if (isBusy(cause))
    return { code: 504, type: 'OperationTimeout', message: 'Steward was too busy, so nothing was changed. Try again.' }
  if (cause instanceof CommitUnknown)
    return {
      code: 504,
      type: 'OperationTimeout',
      message:
        'The database connection was lost, so it is not known whether this was done. Check, or try again with the same idempotency key.',
    }
  if (cause instanceof KeyReplaced) return { code: 500, type: 'Internal', message: keyReplaced }
  const message = isDiskFull(cause)
    ? 'Steward’s disk is full, so nothing was changed. Its operator has to free up space.'
    : `Something went wrong in Steward. Its log has the cause under ${id}.`
  return { code: 500, type: 'Internal', message }
}

const keyReplaced =
  'Steward’s secret key was replaced while it was running, so nothing was changed. Its operator has to restart it with the new key.'

/** Whether a failure means that this process has the wrong key from now on, and had better end. */
export function isKeyReplaced(error: unknown): boolean {
  return causeOf(error) instanceof KeyReplaced
}

/** What tRPC has wrapped. */
function causeOf(error: unknown): unknown {
  return error instanceof TRPCError ? error.cause : error
}

function refusedInput(issues: Issue[], read: boolean): Omit<ErrorEnvelope, 'id'> {
  const shown = issues.slice(0, 20).map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))
  const first = shown[0]
  const message = first ? `${first.path ? `"${first.path}": ` : ''}${first.message}` : 'The input is not valid.'
  return { code: 400, type: read ? 'InvalidQuery' : 'InvalidPayload', message, metadata: { issues: shown } }
}
