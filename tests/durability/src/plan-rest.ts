import { takePlace, sha256 } from './model.ts'
import type { Planner } from './plan.ts'

const roles = ['viewer', 'billing', 'developer', 'manager', 'administrator']

const createMember: Planner = ({ world, client, unique }) => {
  if (client.members.size > 8) return null
  const workspaceId = client.random.pick(world.shared)
  const email = `${unique}@example.org`
  const role = client.random.pick(roles)
  const apply = ({ id }: { id: string }): void => {
    client.members.set(id, { workspaceId, email, role })
    takePlace(world, { operation: 'member.create', lanes: [workspaceId], put: [[workspaceId, 'member', id]] })
  }
  return { path: 'member.create', input: { workspaceId, email, role }, apply }
}

const updateMember: Planner = ({ world, client }) => {
  if (client.members.size === 0) return null
  const [id, member] = client.random.pick([...client.members])
  const { workspaceId } = member
  const role = client.random.pick(roles.filter((one) => one !== member.role))
  const apply = (): void => {
    member.role = role
    takePlace(world, { operation: 'member.update', lanes: [workspaceId], put: [[workspaceId, 'member', id]] })
  }
  return { path: 'member.update', input: { workspaceId, id, role }, apply }
}

const deleteMember: Planner = ({ world, client }) => {
  if (client.members.size < 3) return null
  const [id, { workspaceId }] = client.random.pick([...client.members])
  const apply = (): void => {
    client.members.delete(id)
    takePlace(world, { operation: 'member.delete', lanes: [workspaceId], deleted: [[workspaceId, 'member', id]] })
  }
  return { path: 'member.delete', input: { workspaceId, id }, apply }
}

const createToken: Planner = ({ world, client, unique }) => {
  if (client.tokens.size > 4) return null
  const { userId } = world
  const apply = ({ pat: { id, value } }: { pat: { id: string; value: string } }): void => {
    client.tokens.set(id, sha256(value))
    takePlace(world, { operation: 'me.createToken', lanes: [userId], put: [[userId, 'token', id]] })
  }
  return { path: 'me.createToken', input: { note: unique, scopes: ['bot:read'] }, apply }
}

const deleteToken: Planner = ({ world, client }) => {
  const [id] = client.tokens.keys()
  if (id === undefined || client.tokens.size < 2) return null
  const { userId } = world
  const apply = (): void => {
    client.tokens.delete(id)
    takePlace(world, { operation: 'me.deleteToken', lanes: [userId], deleted: [[userId, 'token', id]] })
  }
  return { path: 'me.deleteToken', input: { id }, apply }
}

const setPreference: Planner = ({ world, client, unique }) => {
  const { random } = client
  const lane = random.pick([...world.shared, world.userId])
  const key = `c${client.number}.${random.below(3)}`
  const place = `${lane}|${key}`
  const value = client.preferences.has(place) && random.chance(30) ? undefined : { unique, list: [1, 'two', null] }
  const operation = lane === world.userId ? 'me.setPreference' : 'workspace.setPreference'
  const input = { key, value, ...(lane === world.userId ? {} : { workspaceId: lane }) }
  const apply = (): void => {
    if (value === undefined) client.preferences.delete(place)
    else client.preferences.set(place, JSON.stringify(value))
    const change = [[lane, 'preference', key]] as const
    takePlace(world, { operation, lanes: [lane], ...(value === undefined ? { deleted: change } : { put: change }) })
  }
  return { path: operation, input, apply }
}

/** The first two clients have a shared workspace to rename each; nobody else does. */
const renameWorkspace: Planner = ({ world, client, unique }) => {
  const id = client.random.pick([world.shared[client.number], ...client.workspaces])
  if (id === undefined) return null
  const name = `workspace ${unique}`
  const apply = (): void => {
    world.names.set(id, name)
    takePlace(world, { operation: 'workspace.update', lanes: [id], put: [[id, 'workspace', id]] })
  }
  return { path: 'workspace.update', input: { id, name }, apply }
}

const createWorkspace: Planner = ({ world, client, unique }) => {
  if (client.workspaces.size > 1) return null
  const name = `workspace ${unique}`
  const apply = ({ id }: { id: string }): void => {
    client.workspaces.add(id)
    world.names.set(id, name)
    takePlace(world, { operation: 'workspace.create', lanes: [id], put: [[id, 'workspace', id]] })
  }
  return { path: 'workspace.create', input: { name }, apply }
}

/** With all bots that are in it. */
const deleteWorkspace: Planner = ({ world, client }) => {
  const [id] = client.workspaces
  if (id === undefined) return null
  const lanes = [id, world.accountId]
  const apply = (): void => {
    client.workspaces.delete(id)
    world.names.delete(id)
    for (const bot of [...client.bots.values()].filter(({ workspaceId }) => workspaceId === id)) {
      client.bots.delete(bot.id)
      client.gone.push(bot.id)
    }
    for (const change of world.changes.keys()) if (change.startsWith(`${id}|`)) world.changes.set(change, true)
    takePlace(world, {
      operation: 'workspace.delete',
      lanes,
      deleted: lanes.map((lane) => [lane, 'workspace', id] as const),
    })
  }
  return { path: 'workspace.delete', input: { id }, apply }
}

/** Every kind of write to something else than a bot, with how often it is drawn. */
export const otherWrites: readonly (readonly [number, Planner])[] = [
  [4, createMember],
  [3, updateMember],
  [2, deleteMember],
  [2, createToken],
  [2, deleteToken],
  [6, setPreference],
  [3, renameWorkspace],
  [1, createWorkspace],
  [1, deleteWorkspace],
]
