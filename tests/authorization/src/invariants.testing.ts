import { expect } from 'vitest'
import { type AppContext, recountGauges, storesOf } from '@steward/api/testing'

/** What must hold among the rows whatever was asked of the app. */
export async function expectInvariants(app: AppContext): Promise<void> {
  for await (const { wrong } of recountGauges(app)) expect(wrong).toEqual([])
  const { reader } = storesOf(app).main
  const workspaces = await reader.selectFrom('workspace').select(['id', 'owner_member_id', 'bot_count']).execute()
  const owners = await reader
    .selectFrom('member')
    .select(['id', 'workspace_id', 'user_id'])
    .where('role', '=', 'owner')
    .execute()
  const bots = await reader.selectFrom('bot').select(['id', 'workspace_id', 'dev', 'current_version_id']).execute()
  const counted = new Map<string, number>()
  for (const { workspace_id, dev } of bots)
    if (dev === 0) counted.set(workspace_id, (counted.get(workspace_id) ?? 0) + 1)
  expect(workspaces.map(({ id, bot_count }) => [id, bot_count])).toEqual(
    workspaces.map(({ id }) => [id, counted.get(id) ?? 0]),
  )
  const byWorkspace = new Map(owners.map((row) => [row.workspace_id, row]))
  expect(owners).toHaveLength(workspaces.length)
  expect(workspaces.map(({ owner_member_id }) => owner_member_id)).toEqual(
    workspaces.map(({ id }) => byWorkspace.get(id)?.id),
  )
  expect(owners.filter(({ user_id }) => user_id === null)).toEqual([])
  const versions = await reader.selectFrom('version').select(['id', 'bot_id']).execute()
  const botOf = new Map(versions.map((row) => [row.id, row.bot_id]))
  expect(bots.filter((bot) => bot.current_version_id && botOf.get(bot.current_version_id) !== bot.id)).toEqual([])
  const pending = await reader
    .selectFrom('invitation as i')
    .innerJoin('member as m', 'm.id', 'i.member_id')
    .select(['i.id', 'm.user_id', 'm.workspace_id as of', 'i.workspace_id as to'])
    .execute()
  expect(pending.filter((row) => row.user_id !== null || row.of !== row.to)).toEqual([])
}
