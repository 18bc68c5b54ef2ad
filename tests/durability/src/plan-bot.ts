import type { BotModel, ClientModel, World } from './model.ts'
import { deployContent, deployVersion, rollbackTarget, saveVersion, sha256, takePlace } from './model.ts'
import type { Planner } from './plan.ts'
import type { Random } from './random.ts'

/** Bots of one client at a time. */
const mostBots = 6
const secretNames = ['ALPHA', 'BETA', 'GAMMA']
const tagNames = ['team', 'stage', 'area']

/** Workspaces that the client may put bots into. */
export const placesOf = (world: World, client: ClientModel): string[] => [...world.shared, ...client.workspaces]

const someBot = (client: ClientModel): BotModel | null =>
  client.bots.size === 0 ? null : client.random.pick([...client.bots.values()])

/** Often a body that is stored already, sometimes one of more than a chunk. */
function someCode(random: Random, unique: string): string {
  if (random.chance(50)) return `export const shared = ${random.below(8)}\n`
  const size = random.chance(4) ? 1_300_000 : random.chance(20) ? 60_000 : 1000 + random.below(3000)
  return `// ${unique}\n`.repeat(Math.ceil(size / (unique.length + 4)))
}

const createBot: Planner = ({ world, client, unique }) => {
  const { random } = client
  if (client.bots.size >= mostBots) return null
  const workspaceId = random.pick(placesOf(world, client))
  const tags = { team: unique, stage: random.pick(['draft', 'live']) }
  const secrets = Object.fromEntries(secretNames.slice(random.below(3)).map((name) => [name, `${name} of ${unique}`]))
  const code = random.chance(50) ? someCode(random, unique) : undefined
  const dev = random.chance(20)
  const input = { workspaceId, name: `bot ${unique}`, description: `of ${client.number}`, tags, secrets, code, dev }
  const apply = ({ bot: { id } }: { bot: { id: string } }): void => {
    const content = { mark: null, code: code === undefined ? null : sha256(code) }
    const parts = { content, current: null, versions: [], deployments: [], keys: new Map<string, string>() }
    const bot: BotModel = { ...input, ...parts, id, secrets: Object.keys(secrets) }
    if (code !== undefined) deployContent(bot, content)
    client.bots.set(id, bot)
    takePlace(world, { operation: 'bot.create', lanes: [workspaceId], put: [[workspaceId, 'bot', id]] })
  }
  return { path: 'bot.create', input, apply }
}

const updateBot: Planner = ({ world, client, unique }) => {
  const { random } = client
  const bot = someBot(client)
  if (!bot) return null
  const mark = random.chance(40) ? client.count : null
  const code = random.chance(35) ? someCode(random, unique) : undefined
  const tag = random.pick(tagNames)
  const secret = random.pick(secretNames)
  const tags = random.chance(50) ? { [tag]: tag in bot.tags && random.chance(50) ? null : unique } : {}
  const secrets = random.chance(50) ? { [secret]: bot.secrets.includes(secret) ? null : unique } : {}
  const name = `bot ${unique}`
  const configuration = mark === null ? undefined : { data: { mark } }
  const apply = (): void => {
    bot.name = name
    bot.tags = withPatch(bot.tags, tags)
    bot.secrets = Object.keys(withPatch(Object.fromEntries(bot.secrets.map((one) => [one, ''])), secrets))
    const content = { mark: mark ?? bot.content.mark, code: code === undefined ? bot.content.code : sha256(code) }
    if (code === undefined) bot.content = content
    else deployContent(bot, content)
    const { workspaceId } = bot
    takePlace(world, { operation: 'bot.update', lanes: [workspaceId], put: [[workspaceId, 'bot', bot.id]] })
  }
  return { path: 'bot.update', input: { id: bot.id, name, tags, secrets, code, configuration }, apply }
}

function withPatch(map: Record<string, string>, patch: Record<string, string | null>): Record<string, string> {
  const merged = Object.entries({ ...map, ...patch })
  return Object.fromEntries(merged.flatMap(([key, value]) => (value === null ? [] : [[key, value]])))
}

const deleteBot: Planner = ({ world, client }) => {
  const bot = client.bots.size < 3 ? null : someBot(client)
  if (!bot) return null
  const apply = (): void => {
    client.bots.delete(bot.id)
    client.gone.push(bot.id)
    const { workspaceId } = bot
    takePlace(world, { operation: 'bot.delete', lanes: [workspaceId], deleted: [[workspaceId, 'bot', bot.id]] })
  }
  return { path: 'bot.delete', input: { id: bot.id }, apply }
}

const transferBot: Planner = ({ world, client }) => {
  const bot = someBot(client)
  if (!bot) return null
  const source = bot.workspaceId
  const target = client.random.pick(placesOf(world, client).filter((id) => id !== source))
  const apply = (): void => {
    bot.workspaceId = target
    const lanes = [source, target]
    const changes = { put: [[target, 'bot', bot.id]], deleted: [[source, 'bot', bot.id]] } as const
    takePlace(world, { operation: 'bot.transfer', lanes, ...changes })
  }
  return { path: 'bot.transfer', input: { id: bot.id, targetWorkspaceId: target }, apply }
}

const createKey: Planner = ({ world, client, unique }) => {
  const bot = someBot(client)
  if (!bot || bot.keys.size > 3) return null
  const apply = ({ id, value }: { id: string; value: string }): void => {
    bot.keys.set(id, sha256(value))
    const { workspaceId } = bot
    takePlace(world, { operation: 'bot.createKey', lanes: [workspaceId], put: [[workspaceId, 'botKey', id]] })
  }
  return { path: 'bot.createKey', input: { botId: bot.id, note: unique }, apply }
}

const deleteKey: Planner = ({ world, client }) => {
  const bot = [...client.bots.values()].find(({ keys }) => keys.size > 1)
  const [id] = bot?.keys.keys() ?? []
  if (!bot || id === undefined) return null
  const apply = (): void => {
    bot.keys.delete(id)
    const { workspaceId } = bot
    takePlace(world, { operation: 'bot.deleteKey', lanes: [workspaceId], deleted: [[workspaceId, 'botKey', id]] })
  }
  return { path: 'bot.deleteKey', input: { id }, apply }
}

const createVersion: Planner = ({ world, client, unique }) => {
  const bot = someBot(client)
  if (!bot || bot.versions.length > 40) return null
  const apply = ({ version: { id } }: { version: { id: string } }): void => {
    saveVersion(bot, { id, name: unique, content: bot.content })
    const { workspaceId } = bot
    takePlace(world, { operation: 'version.create', lanes: [workspaceId], put: [[workspaceId, 'version', id]] })
  }
  return { path: 'version.create', input: { id: bot.id, name: unique, note: 'by hand' }, apply }
}

const deploy: Planner = ({ world, client, unique }) => {
  const bot = someBot(client)
  const known = bot?.versions.filter(({ id }) => id !== null) ?? []
  if (!bot || known.length === 0) return null
  const version = client.random.pick(known)
  const expected = bot.current?.id
  const input = {
    id: bot.id,
    versionId: version.id,
    note: unique,
    ...(expected && { expectedCurrentVersionId: expected }),
  }
  const apply = (): void => {
    deployVersion(bot, version, 'deploy')
    const { workspaceId } = bot
    takePlace(world, { operation: 'version.deploy', lanes: [workspaceId], put: [[workspaceId, 'bot', bot.id]] })
  }
  return { path: 'version.deploy', input, apply }
}

const rollback: Planner = ({ world, client }) => {
  const bot = someBot(client)
  const target = bot && rollbackTarget(bot)
  if (!bot || !target) return null
  const apply = ({ versionId }: { versionId: string }): void => {
    if (target.id !== null && target.id !== versionId)
      throw new Error(`It rolled back to ${versionId}, not ${target.id}.`)
    deployVersion(bot, target, 'rollback')
    const { workspaceId } = bot
    takePlace(world, { operation: 'version.rollback', lanes: [workspaceId], put: [[workspaceId, 'bot', bot.id]] })
  }
  return { path: 'version.rollback', input: { id: bot.id }, apply }
}

/** Every kind of write to a bot, with how often it is drawn. */
export const botWrites: readonly (readonly [number, Planner])[] = [
  [8, createBot],
  [12, updateBot],
  [4, deleteBot],
  [5, transferBot],
  [3, createKey],
  [2, deleteKey],
  [5, createVersion],
  [5, deploy],
  [3, rollback],
]
