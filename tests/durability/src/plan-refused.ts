import type { Planner } from './plan.ts'

/** Writes that are wrong on purpose: a refusal must leave nothing behind, also when the server dies over it. */

const memberTwice: Planner = ({ client }) => {
  const [member] = client.members.values()
  if (!member) return null
  const { workspaceId, email } = member
  return { path: 'member.create', input: { workspaceId, email, role: 'viewer' }, refusal: 'AlreadyExists' }
}

const updateGone: Planner = ({ client, unique }) => {
  const id = client.gone.at(-1)
  return id === undefined ? null : { path: 'bot.update', input: { id, name: unique }, refusal: 'ResourceNotFound' }
}

const transferNowhere: Planner = ({ client }) => {
  const [bot] = client.bots.values()
  if (!bot) return null
  const input = { id: bot.id, targetWorkspaceId: bot.workspaceId }
  return { path: 'bot.transfer', input, refusal: 'InvalidPayload' }
}

const deployOverOther: Planner = ({ client }) => {
  const bot = [...client.bots.values()].find(({ versions }) => versions.some(({ id }) => id !== null))
  const version = bot?.versions.find(({ id }) => id !== null)
  if (!bot || !version) return null
  const input = { id: bot.id, versionId: version.id, expectedCurrentVersionId: 'botver_of_nobody' }
  return { path: 'version.deploy', input, refusal: 'RelationConflict' }
}

/** With how often each is drawn. */
export const refusedWrites: readonly (readonly [number, Planner])[] = [
  [1, memberTwice],
  [1, updateGone],
  [1, transferNowhere],
  [2, deployOverOther],
]
