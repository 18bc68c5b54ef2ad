import { createApp, createOwner, silentLog } from '@steward/api/server'
import type { Stores } from '@steward/db'
import { tmpdir } from 'node:os'
import { readConfig } from './config.ts'
import { openHouse, type OpenHouse } from './open.ts'
import { actorOfEmail } from './commands/person.ts'
import { freshInstallation, type Env, type Ran } from './testing.ts'

export const password = 'correct horse battery'
export const email = 'owner@example.org'

/** Works on the installation in this process, which takes a tenth of the time of a command. */
async function inHouse<T>(env: Env, work: (open: OpenHouse) => Promise<T>): Promise<T> {
  const opened = await openHouse(readConfig(env, tmpdir()), silentLog)
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

/** An installation with an owner, as `owner create` makes it. */
export async function owned(engine: 'sqlite' | 'postgres' = 'sqlite'): Promise<Env> {
  const env = await freshInstallation(engine)
  await inHouse(env, ({ house }) => createOwner(house, { email, password }))
  return env
}

export const jsonOf = (ran: Ran): unknown => JSON.parse(ran.out)
export const dataOf = (env: Env): string => env['STEWARD_DATA'] ?? ''

/** Works on the database past the server. */
export function inStores<T>(env: Env, work: (stores: Stores) => Promise<T>): Promise<T> {
  return inHouse(env, ({ stores }) => work(stores))
}

/** A bot with code, made past the server. */
export function botWithCode(
  env: Env,
  secrets: Record<string, string> = {},
): Promise<{ bot: { id: string; signingSecret: string } }> {
  return inHouse(env, async ({ house, stores }) => {
    const app = createApp(house)
    const caller = app.caller(await actorOfEmail(stores, email))
    const [workspace] = (await caller.workspace.list({})).workspaces
    const bot = { name: 'b', code: 'export default 1', secrets }
    const made = await caller.bot.create({ workspaceId: workspace?.id ?? '', ...bot })
    await app.close()
    return { bot: { id: made.bot.id, signingSecret: made.bot.signingSecret ?? '' } }
  })
}
