import { isDeepStrictEqual } from 'node:util'
import { fromJson } from '@steward/db'
import { documentOf } from './bot.document.ts'
import type { BotRow } from './bot.queries.ts'
import { secretNamesOf } from './bot.queries.ts'
import type { CreateBotInput } from './bot.schema.ts'

type Fields = Record<string, unknown>

/** What of a bot got another value that the audit trail does not show. */
interface Replaced {
  url: boolean
  secrets: readonly string[]
}

/** What the audit trail may know of a bot: no secret values, no code, and of the URL only whether there is one. */
function auditFields(row: BotRow, replaced: Replaced = { url: false, secrets: [] }): Fields {
  const secretWord = (name: string): string => (replaced.secrets.includes(name) ? '(replaced)' : '(set)')
  return {
    name: row.name,
    description: row.description,
    type: row.type,
    alwaysAlive: row.always_alive === 1,
    blocked: row.blocked === 1,
    url: row.url === null ? null : replaced.url ? '(replaced)' : '(set)',
    authentication: row.authentication,
    maxExecutionTime: row.max_execution_time,
    codeHash: row.code_blob,
    currentVersionId: row.current_version_id,
    tags: fromJson<Fields>(row.tags),
    secrets: Object.fromEntries(secretNamesOf(row).map((name) => [name, secretWord(name)])),
    ...documentOf(row),
  }
}

/**
 * The fields in which two states of a bot differ, and of maps in them only the keys that differ. Managers read the trail of bots
 * that they are not selected for, and export it for good: of a bot for selected people it only names the fields.
 * @param given names of the secrets that were given a value; whether it is another one cannot be told.
 */
export function auditChange(
  before: BotRow,
  after: BotRow,
  given: readonly string[] = [],
): { before?: Fields; after: Fields } {
  const url = before.url !== null && after.url !== null && before.url !== after.url
  const secrets = given.filter((name) => secretNamesOf(before).includes(name))
  const changed = difference(auditFields(before), auditFields(after, { url, secrets }))
  if (isOpen(after)) return changed
  return { after: { parts: [...new Set([...Object.keys(changed.before), ...Object.keys(changed.after)])] } }
}

/** What a new bot was born with: what its maker gave, with the same left out. */
export function auditBirth(row: BotRow, input: CreateBotInput): { after: Fields } {
  const { workspaceId: _, multipleIntegrations: _view, code: _code, secrets, url, ...given } = input
  return {
    after: {
      ...given,
      ...(url !== undefined && { url: '(set)' }),
      ...(secrets && { secrets: Object.fromEntries(Object.keys(secrets).map((name) => [name, '(set)'])) }),
      ...(row.code_blob !== null && { codeHash: row.code_blob }),
      name: row.name,
      type: row.type,
      dev: row.dev === 1,
    },
  }
}

/** Whether all members see the bot, so that the trail may hold what people wrote about it. */
export function isOpen({ access }: Pick<BotRow, 'access'>): boolean {
  return access !== 'SELECTED_USERS'
}

/** What people wrote, its name included, if the trail may repeat it: of a bot for selected people it tells the id alone. */
export function ifOpen(bot: Pick<BotRow, 'access'>, text: string): string | null {
  return isOpen(bot) ? text : null
}

/** How far into what people nest; beyond it a value is reported as a whole. */
const deepest = 5

function difference(before: Fields, after: Fields, depth = deepest): { before: Fields; after: Fields } {
  const old: [string, unknown][] = []
  const now: [string, unknown][] = []
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const was = own(before, key)
    const is = own(after, key)
    const isNested = depth > 0 && isMap(was) && isMap(is)
    const found = isNested ? difference(was, is, depth - 1) : { before: was, after: is }
    if (isNested ? isNothing(found) : isDeepStrictEqual(was, is)) continue
    if (found.before !== undefined) old.push([key, found.before])
    if (found.after !== undefined) now.push([key, found.after])
  }
  return { before: Object.fromEntries(old), after: Object.fromEntries(now) }
}

const isNothing = ({ before, after }: { before?: unknown; after?: unknown }): boolean =>
  [before, after].every((fields) => isMap(fields) && Object.keys(fields).length === 0)

const own = (fields: Fields, key: string): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined)

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
