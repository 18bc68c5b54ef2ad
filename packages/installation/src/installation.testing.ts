import { createApi, createOwner, localActor } from '@steward/api/server'
import { freshDatabase } from '@steward/db/testing'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openInstallation, type AppParts } from './open.ts'
import type { Place } from './place.ts'

export const engines = ['sqlite', 'postgres'] as const
export type Engine = (typeof engines)[number]

export const parts: AppParts = { settings: { publicUrl: 'http://steward.invalid', signUp: 'invited' } }
export const now = (): Date => new Date('2026-02-03T04:05:06.789Z')

/** An empty folder that is deleted after the test. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-installation-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A place of the test's own where nothing is yet. */
export async function newPlace(engine: Engine = 'sqlite', secretKey: Uint8Array | null = null): Promise<Place> {
  const dataFolder = join(freshFolder(), 'data')
  if (engine === 'sqlite') return { dataFolder, databaseUrl: null, secretKey }
  const place = await freshDatabase('postgres', { empty: true })
  onTestFinished(() => place.remove())
  const { options } = place
  if (!('url' in options)) throw new TypeError('A Postgres place has an address.')
  return { dataFolder, databaseUrl: options.url, secretKey }
}

/** Makes an installation in the place, with an owner and a bot that has code and a secret. */
export async function populate(place: Place, code = 'export default 1'): Promise<void> {
  const { app, close } = await openInstallation(place, parts)
  const api = createApi(app)
  const { userId } = await createOwner(app, { email: 'owner@example.org', password: 'correct horse battery' })
  const caller = api.caller(localActor(userId))
  const workspaceId = (await caller.workspace.list({})).workspaces[0]?.id ?? ''
  await caller.bot.create({ workspaceId, name: 'b', code, secrets: { API_KEY: 'known to the bot' } })
  await api.close()
  await close()
}

/** A place with an installation as `populate` makes it. */
export async function usedPlace(engine: Engine = 'sqlite', secretKey: Uint8Array | null = null): Promise<Place> {
  const place = await newPlace(engine, secretKey)
  await populate(place)
  return place
}

/** The path of the one stored body in a folder of blobs. */
export function onlyBlob(folder: string): string {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f]{64}$/.test(name))
  if (found.length !== 1) throw new Error(`There are ${found.length} bodies in ${folder}.`)
  return join(folder, found[0] ?? '')
}
