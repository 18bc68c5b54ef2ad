import { createApi, createOwner, silentLog } from '@steward/api/server'
import type { Stores } from '@steward/db'
import type { OpenInstallation } from '@steward/installation'
import { tmpdir } from 'node:os'
import { readConfig } from './config.ts'
import { openApp } from './open.ts'
import { actorOfEmail } from './commands/person.ts'
import { freshInstallation, type Env, type Ran } from './process.testing.ts'

export const password = 'correct horse battery'
export const email = 'owner@example.org'

/** Works on the installation in this process, which takes a tenth of the time of a command. */
async function inApp<T>(env: Env, work: (open: OpenInstallation) => Promise<T>): Promise<T> {
  const opened = await openApp(readConfig(env, tmpdir()), silentLog)
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

/** An installation with an owner, as `owner create` makes it. */
export async function owned(engine: 'sqlite' | 'postgres' = 'sqlite'): Promise<Env> {
  const env = await freshInstallation(engine)
  await inApp(env, ({ app }) => createOwner(app, { email, password }))
  return env
}

export const jsonOf = (ran: Ran): unknown => JSON.parse(ran.out)
export const dataOf = (env: Env): string => env['STEWARD_DATA'] ?? ''

/** Works on the database past the server. */
export function inStores<T>(env: Env, work: (stores: Stores) => Promise<T>): Promise<T> {
  return inApp(env, ({ stores }) => work(stores))
}

/** A bot with code, made past the server. */
export function botWithCode(
  env: Env,
  secrets: Record<string, string> = {},
): Promise<{ bot: { id: string; signingSecret: string } }> {
  return inApp(env, async ({ app, stores }) => {
    const api = createApi(app)
    const caller = api.caller(await actorOfEmail(stores, email))
    const [workspace] = (await caller.workspace.list({})).workspaces
    const bot = { name: 'b', code: 'export default 1', secrets }
    const made = await caller.bot.create({ workspaceId: workspace?.id ?? '', ...bot })
    await api.close()
    return { bot: { id: made.bot.id, signingSecret: made.bot.signingSecret ?? '' } }
  })
}
