import { setImmediate as nextTurn } from 'node:timers/promises'
import { ApiError } from '../../core/errors.ts'
import { checkData, checkSchema, type SchemaFault } from '../../json-schema/index.ts'
import type { BotDocument } from './bot.document.ts'
import { documentParts } from './bot.document.ts'
import type { BotLimit } from './bot.limits.ts'
import { botLimits, jsonSize } from './bot.limits.ts'
import type { CreateBotInput, UpdateBotInput } from './bot.schema.ts'

type Input = CreateBotInput | UpdateBotInput

const definitionName = /^[a-z][A-Za-z0-9]{1,99}$/
/** `<plugin alias>#<name>`: an alias may hold almost anything, `/`, `.` and `#` too. */
const mergedName = /^.{1,200}#[A-Za-z0-9_.:-]{1,100}$/
const secretName = /^[A-Z][A-Z0-9_]{0,99}$/
const largestSeconds = 2 ** 31 - 1

/**
 * Everything that can be said about the input of a create or update without the bot.
 * @throws InvalidIdentifier, InvalidJsonSchema, InvalidPayload, LimitExceeded.
 */
export async function checkInput(input: Input): Promise<void> {
  checkNames(input)
  await checkSchemas(input)
  checkWithin('name', input.name?.length ?? 0)
  checkWithin('url', input.url?.length ?? 0)
  if (input.code !== undefined) checkWithin('code', Buffer.byteLength(input.code))
  const seconds = input.maxExecutionTime
  if (seconds !== undefined && !(Number.isInteger(seconds) && seconds >= 0 && seconds <= largestSeconds))
    throw new ApiError('InvalidPayload', '"maxExecutionTime" must be a whole number of seconds.', {
      maxExecutionTime: seconds,
    })
}

function checkNames(input: Input): void {
  for (const part of ['events', 'actions', 'states', 'recurringEvents'] as const)
    for (const name of givenKeys(input[part]))
      if (!definitionName.test(name) && !mergedName.test(name))
        throw new ApiError(
          'InvalidIdentifier',
          `"${name}" in ${part} is not a valid name: use 2 to 100 letters and digits, starting with a lowercase letter.`,
          { part, name },
        )
  for (const name of givenKeys(input.secrets))
    if (!secretName.test(name))
      throw new ApiError(
        'InvalidIdentifier',
        `"${name}" is not a valid name for a secret: use capitals, such as MY_SECRET.`,
        { name },
      )
  for (const key of givenKeys(input.tags)) checkWithin('tagKey', key.length)
}

/** The keys that a patch puts; nulls delete, whatever the key looks like. */
function givenKeys(map: Record<string, unknown> | undefined): string[] {
  return Object.entries(map ?? {})
    .filter(([, value]) => value !== null)
    .map(([key]) => key)
}

/** Bytes of schemas checked in one go; then others get their turn, so that no definition holds them up. */
const mostInOneGo = 50_000

async function checkSchemas(input: Input): Promise<void> {
  const schemas = [...schemasIn(input)].map(([path, schema]) => ({ path, schema, size: jsonSize(schema) }))
  // What no document can hold is not looked at.
  checkWithin(
    'document',
    schemas.reduce((sum, { size }) => sum + size, 0),
  )
  let checked = 0
  for (const { path, schema, size } of schemas) {
    checkWithin('schema', size)
    if (checked + size > mostInOneGo) {
      await nextTurn()
      checked = 0
    }
    checked += size
    const fault = checkSchema(schema)
    if (fault) throw schemaError(path, fault)
  }
}

function* schemasIn({ configuration, events, states, actions }: Input): Iterable<[path: string, schema: unknown]> {
  if (configuration?.schema) yield ['configuration.schema', configuration.schema]
  for (const [name, event] of Object.entries(events ?? {})) if (event) yield [`events.${name}.schema`, event.schema]
  for (const [name, state] of Object.entries(states ?? {})) if (state) yield [`states.${name}.schema`, state.schema]
  for (const [name, action] of Object.entries(actions ?? {})) {
    if (!action) continue
    yield [`actions.${name}.input.schema`, action.input.schema]
    yield [`actions.${name}.output.schema`, action.output.schema]
  }
}

/** Names are the caller's, and may be long. */
const wayTo = (path: SchemaFault['path']): string => path.map((key) => String(key).slice(0, 60)).join('.')

function schemaError(path: string, { kind, path: at, message }: SchemaFault): ApiError {
  const where = [path, ...(at.length > 0 ? [wayTo(at)] : [])].join('.')
  return kind === 'work'
    ? new ApiError('LimitExceeded', `The schema at ${path} ${message}.`, { path })
    : new ApiError('InvalidJsonSchema', `This is not a valid JSON Schema: ${where} ${message}.`, {
        path,
        at,
        fault: message,
      })
}

/**
 * What must hold of a bot after a change, for the parts that the change touches.
 * @throws LimitExceeded; InvalidDataFormat for configuration data sent that does not fit the configuration's schema;
 *   InvalidJsonSchema when that cannot be checked.
 */
export function checkResult(
  input: Input,
  { document, tags, secrets }: { document: BotDocument; tags: Record<string, string>; secrets: readonly string[] },
): void {
  if (input.configuration) checkConfiguration(input, document.configuration)
  for (const part of ['events', 'states', 'actions', 'recurringEvents', 'integrations', 'plugins'] as const)
    if (part in input) {
      checkWithin(part, ownCount(document[part]))
      checkWithin('definitions', Object.keys(document[part]).length)
    }
  for (const part of ['events', 'actions'] as const)
    if (input[part])
      for (const { attributes = {} } of Object.values(document[part]))
        checkWithin('attributes', Object.keys(attributes).length)
  if (input.subscriptions) checkWithin('definitions', Object.keys(document.subscriptions.events ?? {}).length)
  for (const part of ['user', 'conversation', 'message'] as const)
    if (input[part]) checkWithin('tagDefinitions', Object.keys(document[part].tags).length)
  for (const event of Object.values(input.recurringEvents ?? {}))
    if (event) checkWithin('recurringPayload', jsonSize(event.payload))
  if (input.tags) checkWithin('tags', Object.keys(tags).length)
  if (input.secrets) checkWithin('secrets', secrets.length)
  for (const instance of Object.values(document.integrations))
    checkWithin('configuration', jsonSize(instance.configuration))
  if (documentParts.some((part) => part in input)) checkWithin('document', jsonSize(document))
}

/**
 * Data is held against the schema when data is sent. A new schema alone is not held against older data: the official
 * CLI deploys a schema first, its data is filled in afterwards.
 */
function checkConfiguration(input: Input, { data, schema }: BotDocument['configuration']): void {
  checkWithin('configuration', jsonSize(data))
  if (!input.configuration?.data) return
  const fault = checkData(schema, data)
  if (!fault) return
  const { kind, path: at, message } = fault
  if (kind !== 'data') throw schemaError('configuration.schema', fault)
  const what = at.length > 0 ? `"${wayTo(at)}"` : 'it'
  throw new ApiError('InvalidDataFormat', `The configuration does not match its schema: ${what} ${message}.`, {
    path: 'configuration.data',
    at,
    fault: message,
  })
}

function ownCount(map: object): number {
  return Object.keys(map).filter((name) => !name.includes('#')).length
}

function checkWithin(limit: BotLimit, value: number): void {
  const most = botLimits[limit]
  if (value > most)
    throw new ApiError('LimitExceeded', `"${limit}" is over its limit: it is ${value}, and the maximum is ${most}.`, {
      limit,
      value,
      most,
    })
}
