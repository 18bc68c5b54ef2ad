import type { Checker, Comparison } from './check.ts'
import { differences, groupBy, sorted } from './differences.ts'
import type { BotModel, Content, VersionModel } from './model.ts'
import { botsOf } from './model.ts'
import type { Snapshot } from './snapshot.ts'

/** The number in a definition that tells it from others. */
export function markOf(document: string): number | null {
  const { configuration } = JSON.parse(document) as { configuration: { data: { mark?: number } } }
  return configuration.data.mark ?? null
}

const told = ({ mark, code }: Content) => [mark, code]

const bots: Checker = ({ world, found }) => {
  const expected = botsOf(world).map((bot): [string, unknown] => [
    bot.id,
    [bot.workspaceId, bot.name, bot.description, bot.dev, sorted(bot.tags), ...told(bot.content), 'active'],
  ])
  const rows = found.bots.map((row): [string, unknown] => {
    const tags = sorted(JSON.parse(row.tags) as Record<string, string>)
    const content = [markOf(row.document), row.code_blob]
    return [row.id, [row.workspace_id, row.name, row.description, row.dev === 1, tags, ...content, row.status]]
  })
  return differences(new Map(expected), new Map(rows))
}

/** Rows that hang on a bot: with it, as many as it says, and none without a bot. */
const parts: Checker = ({ world, found }) => {
  const expected = botsOf(world).map((bot): [string, unknown] => [
    bot.id,
    {
      tags: sorted(bot.tags).map(([key, value]) => [bot.workspaceId, key, value]),
      secrets: bot.secrets.toSorted(),
      signing: 1,
      keys: [...bot.keys].map((key) => key.join()).toSorted(),
    },
  ])
  const tags = groupBy(found.tags, (row) => row.bot_id)
  const secrets = groupBy(found.secrets, (row) => row.bot_id)
  const signing = groupBy(found.signing, (row) => row.bot_id)
  const keys = groupBy(found.keys, (row) => row.bot_id)
  const owners = new Set([...tags.keys(), ...secrets.keys(), ...signing.keys(), ...keys.keys()])
  const rows = [...owners].map((id): [string, unknown] => [
    id,
    {
      tags: (tags.get(id) ?? [])
        .map((row) => [row.workspace_id, row.key, row.value] as const)
        .toSorted(([, a], [, b]) => (a < b ? -1 : 1)),
      secrets: (secrets.get(id) ?? []).map((row) => row.name).toSorted(),
      signing: signing.get(id)?.length ?? 0,
      keys: (keys.get(id) ?? []).map((row) => `${row.id},${row.hash}`).toSorted(),
    },
  ])
  return differences(new Map(expected), new Map(rows))
}

/** Versions, deployments and which version is current, told by positions, as ids of versions saved by themselves are unknown. */
const versions: Checker = ({ world, found }) => {
  const expected = botsOf(world).map((bot): [string, unknown] => [bot.id, historyOf(bot)])
  const saved = groupBy(found.versions, (row) => row.bot_id)
  const deployed = groupBy(found.deployments, (row) => row.bot_id)
  const models = new Map(botsOf(world).map((bot) => [bot.id, bot]))
  const ids = new Set([...found.bots.map((row) => row.id), ...saved.keys(), ...deployed.keys()])
  const rows = [...ids].map((id): [string, unknown] => {
    const own = saved.get(id) ?? []
    const position = (version: string | null): number => own.findIndex((row) => row.id === version)
    const bot = found.bots.find((row) => row.id === id)
    return [
      id,
      {
        versions: own.map((row, index) => {
          const known = models.get(id)?.versions[index]?.id !== null
          const content = [markOf(row.document), row.code_blob]
          return known ? [row.id, row.name, ...content] : [null, null, ...content]
        }),
        deployments: (deployed.get(id) ?? []).map((row) => [
          row.kind,
          position(row.version_id),
          position(row.previous_version_id),
        ]),
        current: position(bot?.current_version_id ?? null),
        deployed: (bot?.deployed_at ?? null) !== null,
      },
    ]
  })
  return differences(new Map(expected), new Map(rows))
}

function historyOf(bot: BotModel): unknown {
  const position = (version: VersionModel | null): number => (version ? bot.versions.indexOf(version) : -1)
  return {
    versions: bot.versions.map(({ id, name, content }) => [id, name, ...told(content)]),
    deployments: bot.deployments.map(({ kind, version, previous }) => [kind, position(version), position(previous)]),
    current: position(bot.current),
    deployed: bot.deployments.length > 0,
  }
}

/** Needs no model: the last deployment of a bot is what its row says is current, and was deployed whole. */
const deployed: Checker = ({ found }) => {
  const last = new Map(found.deployments.map((row) => [row.bot_id, row.version_id]))
  const known = new Set(found.versions.map((row) => `${row.bot_id} ${row.id}`))
  return found.bots.flatMap(({ id, current_version_id: current }) => {
    const latest = last.get(id) ?? null
    if (current !== latest) return [`${id} has ${current} as its current version, but ${latest} was deployed last`]
    return current === null || known.has(`${id} ${current}`)
      ? []
      : [`${id} has ${current} as its current version, which is gone`]
  })
}

/** Needs no model: the gauge of a workspace counts its production bots. */
const gauges = ({ found }: Comparison): string[] => {
  const counted = groupBy(
    found.bots.filter((row) => row.dev === 0),
    (row) => row.workspace_id,
  )
  return found.workspaces.flatMap(({ id, bot_count: kept }) => {
    const count = counted.get(id)?.length ?? 0
    return kept === count ? [] : [`${id} keeps ${kept} bots, there are ${count}`]
  })
}

export const botChecks: Record<string, Checker> = { bots, parts, versions, deployed, gauges }

/** The hashes of all code that a bot or version names. */
export function codeOf({ bots: rows, versions: saved }: Snapshot): Set<string> {
  return new Set([...rows, ...saved].flatMap(({ code_blob: hash }) => (hash === null ? [] : [hash])))
}
