import { createClient, type Client } from '@steward/api/client'
import { differences, sorted } from './differences.ts'
import type { BotModel, World } from './model.ts'
import { botsOf } from './model.ts'

/** Reads everything that was acknowledged back through the API and holds it against the model. */
export async function readBack(world: World, { url, token }: { url: string; token: string }): Promise<string[]> {
  const client = createClient({ url, token })
  const parts = [
    ...botsOf(world).map((bot) => botLines(client, bot)),
    listLines(client, world),
    memberLines(client, world),
    ...[...world.names].map(async ([id, name]) => {
      const { name: got } = await client.workspace.get.query({ id })
      return got === name ? [] : [`the workspace ${id} is called "${got}", expected "${name}"`]
    }),
    preferenceLines(client, world),
  ]
  const lines = await Promise.all(parts.map((part) => part.catch((cause: unknown) => [String(cause)])))
  return lines.flat().map((line) => `API: ${line}`)
}

async function botLines(client: Client, model: BotModel): Promise<string[]> {
  const { id } = model
  const [{ bot }, { versions }, { deployments }, { baks }] = await Promise.all([
    client.bot.get.query({ id, workspaceId: model.workspaceId }),
    client.version.list.query({ id }),
    client.version.listDeployments.query({ id, pageSize: 100 }),
    client.bot.listKeys.query({ botId: id }),
  ])
  const names = (list: readonly (string | null)[]): string[] => list.flatMap((name) => name ?? []).toSorted()
  const known = model.versions.filter((version) => version.id !== null)
  const expected = {
    bot: [model.name, model.description, model.dev, sorted(model.tags), model.secrets.toSorted(), model.content.mark],
    versions: [model.versions.length, names(known.map((version) => version.id))],
    deployments: model.deployments.map(({ kind }) => kind).slice(-100),
    keys: [...model.keys.keys()].toSorted(),
  }
  const mark = (bot.configuration.data as { mark?: number }).mark ?? null
  const found = {
    bot: [bot.name, bot.description, bot.dev, sorted(bot.tags), bot.secrets.toSorted(), mark],
    versions: [
      versions.length,
      names(versions.map((version) => version.id).filter((one) => known.some((v) => v.id === one))),
    ],
    deployments: deployments.map(({ kind }) => kind).toReversed(),
    keys: baks.map((key) => key.id).toSorted(),
  }
  return differences(new Map([[id, expected]]), new Map([[id, found]]))
}

/** The lists of all workspaces name all bots and none else; so do the counts. */
async function listLines(client: Client, world: World): Promise<string[]> {
  const expected = botsOf(world).map((bot): [string, unknown] => [bot.id, [bot.workspaceId, bot.name]])
  const found = new Map<string, unknown>()
  for (const workspaceId of world.names.keys())
    for (const dev of [true, false])
      for (let nextToken: string | undefined, more = true; more; more = nextToken !== undefined) {
        const page = { pageSize: 100, ...(nextToken === undefined ? {} : { nextToken }) }
        const { bots, meta } = await client.bot.list.query({ workspaceId, dev, ...page })
        for (const bot of bots) found.set(bot.id, [workspaceId, bot.name])
        nextToken = meta.nextToken
      }
  return differences(new Map(expected), found)
}

async function memberLines(client: Client, world: World): Promise<string[]> {
  const models = world.clients.flatMap((one) => [...one.members])
  const expected = new Map<string, unknown>(models.map(([id, { email, role }]) => [id, [email, role]]))
  const found = new Map<string, unknown>()
  for (const workspaceId of world.shared) {
    const { members } = await client.member.list.query({ workspaceId, pageSize: 100 })
    const ours = members.filter(({ role }) => role !== 'owner')
    if (members.length !== ours.length + 1) found.set(workspaceId, 'has not exactly one owner')
    for (const { id, email, role } of ours) found.set(id, [email, role])
  }
  const { pats } = await client.me.listTokens.query({})
  const listed = new Set(pats.map((pat) => pat.id))
  const tokens = world.clients.flatMap((one) => [...one.tokens.keys()]).filter((id) => !listed.has(id))
  return [...differences(expected, found), ...tokens.map((id) => `the token ${id} is missing`)]
}

async function preferenceLines(client: Client, world: World): Promise<string[]> {
  const models = new Map(world.clients.flatMap((one) => [...one.preferences]))
  const found = await Promise.all(
    [...models.keys()].map(async (place): Promise<[string, string]> => {
      const [owner = '', key = ''] = place.split('|')
      const { value } =
        owner === world.userId
          ? await client.me.getPreference.query({ key })
          : await client.workspace.getPreference.query({ workspaceId: owner, key })
      return [place, JSON.stringify(value)]
    }),
  )
  return differences(models, new Map(found))
}
