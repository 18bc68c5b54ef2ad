import type { Checker } from './check.ts'
import { differences, groupBy } from './differences.ts'

const workspaces: Checker = ({ world, found, base }) => {
  const expected = new Map<string, unknown>([...world.names].map(([id, name]) => [id, [name, world.accountId]]))
  const others = new Set(base.workspaces.map((row) => row.id).filter((id) => !world.names.has(id)))
  const rows = found.workspaces.filter((row) => !others.has(row.id))
  return differences(expected, new Map(rows.map((row) => [row.id, [row.name, row.account_id]])))
}

/** Needs no model: one owner in each workspace, and it is the one that the workspace names. */
const owners: Checker = ({ found }) => {
  const byWorkspace = groupBy(
    found.members.filter((row) => row.role === 'owner'),
    (row) => row.workspace_id,
  )
  return found.workspaces.flatMap(({ id, owner_member_id: named }) => {
    const ids = (byWorkspace.get(id) ?? []).map((row) => row.id)
    return ids.length === 1 && ids[0] === named ? [] : [`${id} names ${named}, its owners are [${ids.join(', ')}]`]
  })
}

/** Beside the owners; every pending one has its one invitation. */
const members: Checker = ({ world, found }) => {
  const models = world.clients.flatMap((client) => [...client.members])
  const expected = models.map(([id, { workspaceId, email, role }]): [string, unknown] => [
    id,
    [workspaceId, email, role, 1],
  ])
  const invitations = groupBy(found.invitations, (row) => row.member_id)
  const rows = found.members
    .filter((row) => row.role !== 'owner')
    .map((row): [string, unknown] => [
      row.id,
      [row.workspace_id, row.email, row.role, invitations.get(row.id)?.length ?? 0],
    ])
  return differences(new Map(expected), new Map(rows))
}

const tokens: Checker = ({ world, found, base }) => {
  const before = new Set(base.tokens.map((row) => row.id))
  const rows = found.tokens.filter((row) => !before.has(row.id)).map((row): [string, unknown] => [row.id, row.hash])
  return differences(new Map(world.clients.flatMap((client) => [...client.tokens])), new Map(rows))
}

const preferences: Checker = ({ world, found }) => {
  const rows = found.preferences
    .filter((row) => row.owner_kind !== 'instance')
    .map((row): [string, unknown] => [`${row.owner_id}|${row.key}`, JSON.stringify(JSON.parse(row.value))])
  return differences(new Map(world.clients.flatMap((client) => [...client.preferences])), new Map(rows))
}

export const workspaceChecks: Record<string, Checker> = { workspaces, owners, members, tokens, preferences }
