import { referenceDocument } from '@steward/api/testing'
import { readFileSync } from 'node:fs'
import type { Client } from '@botpress/client'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

interface Answer {
  content: { 'application/json': { schema: object } }
}
interface Operation {
  operationId: string
  responses: { 200: Answer }
}
export interface OpenApi {
  paths: Record<string, Record<string, Operation>>
}

const contract = JSON.parse(readFileSync(referenceDocument, 'utf8')) as OpenApi

const ajv = new Ajv2020({ strict: false, allErrors: true })
formats.default(ajv)
ajv.addSchema(closed(contract) as OpenApi, 'contract')

/**
 * A copy in which objects have the properties that are declared and no others: the contract does not say so, but what
 * goes beyond it belongs on routes of our own.
 */
function closed(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(closed)
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]))
  const isOpen = copy['type'] !== 'object' || copy['properties'] === undefined || 'additionalProperties' in copy
  return isOpen ? copy : { ...copy, additionalProperties: false }
}

/** The ids of all operations in an OpenAPI document, in order. */
export function operationIds(document: OpenApi): string[] {
  const operations = Object.values(document.paths).flatMap((item) => Object.values(item))
  return operations.map(({ operationId }) => operationId).toSorted()
}

/** One piece of a JSON pointer, as it stands in a URI fragment (RFC 6901, 6). */
function pointer(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))
}

/** The JSON pointer of every operation's answer schema, by operation id. */
const answers = new Map<string, string>()
for (const [path, item] of Object.entries(contract.paths))
  for (const [method, { operationId }] of Object.entries(item))
    answers.set(
      operationId,
      `contract#/paths/${pointer(path)}/${method}/responses/200/content/${pointer('application/json')}/schema`,
    )

/** @throws Error that lists how `value` departs from what the contract lets this operation answer. */
export function checkAnswer(operationId: string, value: unknown): void {
  const $ref = answers.get(operationId)
  if ($ref === undefined) throw new Error(`The contract has no operation "${operationId}".`)
  const validate = ajv.getSchema($ref) ?? ajv.compile({ $ref })
  if (validate(value)) return
  throw new Error(`${operationId} answers what the contract does not allow: ${ajv.errorsText(validate.errors)}`)
}

/**
 * The same client, with every answer held against the contract, and then its operation told to `onAnswer`. The
 * client's collection helpers (`client.list`) go through it as well.
 */
export function checked(client: Client, onAnswer: (operationId: string) => void = () => {}): Client {
  return new Proxy(client, {
    get(target, name, proxy) {
      const found: unknown = Reflect.get(target, name, proxy)
      if (typeof found !== 'function' || typeof name !== 'string' || !answers.has(name)) return found
      return async (input: unknown) => {
        const answer: unknown = await (found as (input: unknown) => Promise<unknown>)(input)
        checkAnswer(name, answer)
        onAnswer(name)
        return answer
      }
    },
  })
}
