import { openStores, type Stores } from '@steward/db'
import { expect } from 'vitest'
import { freshInstallation, steward, type Env, type Ran } from './testing.ts'

const password = 'correct horse battery'
export const email = 'owner@example.org'

/** An installation with an owner. */
export async function owned(engine: 'sqlite' | 'postgres' = 'sqlite'): Promise<Env> {
  const env = await freshInstallation(engine)
  const made = await steward(env, ['owner', 'create', '--email', email, '--password-stdin'], password)
  expect(made).toMatchObject({ code: 0, out: `${email} owns this installation now and can sign in.\n` })
  return env
}

export const jsonOf = (ran: Ran): unknown => JSON.parse(ran.out)
export const dataOf = (env: Env): string => env['STEWARD_DATA'] ?? ''

/** Works on the database past the server. */
export async function inStores<T>(env: Env, work: (stores: Stores) => Promise<T>): Promise<T> {
  const url = env['STEWARD_DATABASE_URL']
  const stores = await openStores(url ? { url } : { folder: dataOf(env) })
  try {
    return await work(stores)
  } finally {
    await stores.close()
  }
}

/** A bot with code, made past the server. */
export async function botWithCode(env: Env): Promise<{ bot: { id: string; signingSecret: string } }> {
  const { workspaces } = jsonOf(await steward(env, ['call', 'workspace.list', '--as', email])) as {
    workspaces: { id: string }[]
  }
  const input = { workspaceId: workspaces[0]?.id, name: 'b', code: 'export default 1' }
  const made = await steward(env, ['call', 'bot.create', '-', '--as', email], JSON.stringify(input))
  expect(made.err).toBe('')
  return jsonOf(made) as { bot: { id: string; signingSecret: string } }
}
