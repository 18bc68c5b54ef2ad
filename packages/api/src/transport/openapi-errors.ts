import type { JsonSchema } from '../core/contract-compare.ts'
import { errorStatus } from '../core/errors.ts'

/** Every failure on every endpoint (reference 1.5). */
export const errorSchema: JsonSchema = {
  type: 'object',
  required: ['id', 'code', 'type', 'message', 'metadata'],
  properties: {
    id: { type: 'string' },
    code: { type: 'integer', enum: [...new Set(Object.values(errorStatus))] },
    type: { type: 'string', enum: Object.keys(errorStatus) },
    message: { type: 'string' },
    metadata: { type: 'object' },
  },
  oneOf: Object.entries(errorStatus).map(([type, code]) => ({
    properties: { type: { const: type }, code: { const: code } },
  })),
}

type Status = (typeof errorStatus)[keyof typeof errorStatus]

interface Failure {
  name: string
  description: string
  /** Of the example. */
  type: keyof typeof errorStatus
  message: string
  metadata?: object
}

const failures: Partial<Record<Status, Failure>> = {
  400: {
    name: 'BadRequest',
    description: 'The request does not match this description, or refers to something that does not exist.',
    type: 'InvalidPayload',
    message: '"name": must not be empty',
    metadata: { issues: [{ path: 'name', message: 'must not be empty' }] },
  },
  401: {
    name: 'Unauthorized',
    description: 'The credential is missing or not valid.',
    type: 'Unauthorized',
    message: 'This token is not valid.',
  },
  403: {
    name: 'Forbidden',
    description: 'The caller is not allowed to do this, or a quota is used up.',
    type: 'Forbidden',
    message: 'A viewer cannot do this.',
  },
  404: {
    name: 'NotFound',
    description: 'It does not exist, or the caller cannot see it.',
    type: 'ResourceNotFound',
    message: 'No workspace with the id "wkspace_1" is visible to you.',
    metadata: { resource: 'workspace', id: 'wkspace_1' },
  },
  409: {
    name: 'Conflict',
    description:
      'The current state does not allow it: something already exists, depends on this, or was changed in the meantime.',
    type: 'AlreadyExists',
    message: 'This handle is taken.',
  },
  413: {
    name: 'TooLarge',
    description: 'The request is too large.',
    type: 'PayloadTooLarge',
    message: 'The body is larger than 1 MiB.',
    metadata: { limit: 1_048_576 },
  },
  415: {
    name: 'UnsupportedMediaType',
    description: 'The body is not sent as `application/json` in UTF-8.',
    type: 'UnsupportedMediaType',
    message: 'Send the body as content-type: application/json, in UTF-8, not encoded.',
  },
  429: {
    name: 'TooManyRequests',
    description: 'The caller has made too many requests; `retry-after` says when to try again.',
    type: 'RateLimited',
    message: 'Too many calls. Wait 12 seconds.',
    metadata: { limit: 600, resetSeconds: 12 },
  },
  500: {
    name: 'Internal',
    description: 'Something went wrong in Steward. Its log has the cause under the id.',
    type: 'Internal',
    message: 'Something went wrong in Steward. Its log has the cause under err_20260302140512x4F1A09BC.',
  },
  504: {
    name: 'TimedOut',
    description: 'Steward was too busy, or the database connection was lost.',
    type: 'OperationTimeout',
    message: 'Steward was too busy, so nothing was changed. Try again.',
  },
}

const listed = Object.entries(failures).map(([status, failure]) => ({ status: Number(status) as Status, ...failure }))

const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } }

const retryAfter = {
  'retry-after': { description: 'Seconds to wait before trying again.', schema: { type: 'integer' } },
}

/** The responses that operations point to. */
export function errorResponses(): Record<string, object> {
  const told = listed.map(({ status, name, description, type, message, metadata = {} }) => {
    const example = { id: 'err_20260302140512x4F1A09BC', code: status, type, message, metadata }
    const types = Object.entries(errorStatus).flatMap(([one, code]) => (code === status ? [`\`${one}\``] : []))
    const response = {
      description: `${description} Types: ${types.join(', ')}.`,
      ...(status === 429 && { headers: retryAfter }),
      content: { 'application/json': { ...content['application/json'], example } },
    }
    return [name, response] as const
  })
  return { Error: { description: 'Every error. `type` determines the status.', content }, ...Object.fromEntries(told) }
}

/** References to the responses with these statuses, and to the one for all others. */
export function failuresOf(statuses: ReadonlySet<number>): Record<string, object> {
  const told = listed.filter(({ status }) => statuses.has(status))
  const refs = told.map(({ status, name }) => [String(status), { $ref: `#/components/responses/${name}` }] as const)
  return { ...Object.fromEntries(refs), default: { $ref: '#/components/responses/Error' } }
}
