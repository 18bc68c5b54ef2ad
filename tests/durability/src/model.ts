import { createHash } from 'node:crypto'
import type { Random } from './random.ts'
import { randomOf } from './random.ts'

/** What a version keeps of a bot: its definition (told apart by one number in it) and its code. */
export interface Content {
  readonly mark: number | null
  /** SHA-256, hex. */
  readonly code: string | null
}

export interface VersionModel {
  /** Null for one that a deployment saved by itself: no answer tells its id. */
  readonly id: string | null
  readonly name: string | null
  readonly content: Content
}

export interface DeploymentModel {
  readonly kind: 'deploy' | 'rollback' | 'update'
  readonly version: VersionModel
  readonly previous: VersionModel | null
}

export interface BotModel {
  readonly id: string
  readonly dev: boolean
  workspaceId: string
  name: string
  description: string
  tags: Record<string, string>
  secrets: string[]
  content: Content
  current: VersionModel | null
  /** Oldest first, as the deployments. */
  readonly versions: VersionModel[]
  readonly deployments: DeploymentModel[]
  /** Hash of the value by id. */
  readonly keys: Map<string, string>
}

/** What one client has made. Clients never touch what another made, so the order among them does not matter. */
export interface ClientModel {
  readonly number: number
  readonly random: Random
  /** Writes planned so far. */
  count: number
  readonly bots: Map<string, BotModel>
  readonly gone: string[]
  readonly members: Map<string, { workspaceId: string; email: string; role: string }>
  /** Hash of the value by id. */
  readonly tokens: Map<string, string>
  /** JSON by `<owner>|<key>`. */
  readonly preferences: Map<string, string>
  /** Workspaces of its own. */
  readonly workspaces: Set<string>
}

/** Everything that must be in the database, by what was acknowledged. */
export interface World {
  readonly seed: number
  readonly userId: string
  readonly accountId: string
  /** The two workspaces that all clients write to. */
  readonly shared: readonly string[]
  /** Names of all workspaces of the world. */
  readonly names: Map<string, string>
  readonly clients: readonly ClientModel[]
  /** Audit records that must be there, by `<lane>|<operation>`. */
  readonly records: Map<string, number>
  /** Stored answers that must be there. */
  answers: number
  /** Whether it is deleted, by `<lane>|<type>|<id>`. */
  readonly changes: Map<string, boolean>
}

export function newClient(seed: number, number: number): ClientModel {
  return {
    number,
    random: randomOf(seed, 'client', number),
    count: 0,
    bots: new Map(),
    gone: [],
    members: new Map(),
    tokens: new Map(),
    preferences: new Map(),
    workspaces: new Set(),
  }
}

/** What a write does beside its rows. */
export interface Effect {
  operation: string
  lanes: readonly string[]
  /** Lane, type and id of what is there now. */
  put?: readonly (readonly [lane: string, type: string, id: string])[]
  deleted?: readonly (readonly [lane: string, type: string, id: string])[]
}

/** Counts the audit records and the answer of an acknowledged write, and keeps its change rows. */
export function takePlace(world: World, { operation, lanes, put = [], deleted = [] }: Effect): void {
  world.answers += 1
  for (const lane of lanes) {
    const name = `${lane}|${operation}`
    world.records.set(name, (world.records.get(name) ?? 0) + 1)
  }
  for (const change of put) world.changes.set(change.join('|'), false)
  for (const change of deleted) world.changes.set(change.join('|'), true)
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

export function sha256Bytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const same = (a: Content, b: Content): boolean => a.mark === b.mark && a.code === b.code

/** The version that holds the bot's content: the current one, else the newest, else a new one (version-save.ts). */
function ensureVersion(bot: BotModel, content: Content): VersionModel {
  const matching = bot.versions.filter((version) => same(version.content, content))
  const found = matching.find((version) => version === bot.current) ?? matching.at(-1)
  return found ?? saveVersion(bot, { id: null, name: null, content })
}

export function saveVersion(bot: BotModel, version: VersionModel): VersionModel {
  bot.versions.push(version)
  return version
}

/** What a bot is before it is overwritten; null for one that never had any content. */
function keepContent(bot: BotModel): VersionModel | null {
  const empty = bot.content.mark === null && bot.content.code === null
  return bot.current === null && empty ? null : ensureVersion(bot, bot.content)
}

/** An update, or a creation, that carries code (version-deploy.service.ts, `recordDeployment`). */
export function deployContent(bot: BotModel, content: Content): void {
  const differs = !same(bot.content, content)
  const kept = differs ? keepContent(bot) : null
  const version = ensureVersion(bot, content)
  bot.deployments.push({ kind: 'update', version, previous: differs ? kept : bot.current })
  bot.content = content
  bot.current = version
}

/** Deploying a saved version (version-deploy.service.ts, `activate`). */
export function deployVersion(bot: BotModel, version: VersionModel, kind: 'deploy' | 'rollback'): void {
  const previous = keepContent(bot)
  bot.deployments.push({ kind, version, previous })
  bot.content = version.content
  bot.current = version
}

/** What a rollback would deploy. */
export function rollbackTarget(bot: BotModel): VersionModel | null {
  const last = bot.deployments.findLast(({ previous }) => previous !== null && previous !== bot.current)
  return last?.previous ?? null
}

/** All bots of all clients. */
export function botsOf(world: World): BotModel[] {
  return world.clients.flatMap((client) => [...client.bots.values()])
}
