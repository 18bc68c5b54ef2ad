import type { Stores } from '@steward/db'
import { expect } from 'vitest'
import type { Actor } from '../core/context.ts'
import type { House } from '../core/house.ts'
import { seedPerson, seedToken, seedWorkspace, testHouse } from '../core/testing.ts'
import type { DoorOptions } from './app.ts'
import { createDoors } from './app.ts'
import { echoRouter } from './testing-router.ts'

export interface Line {
  level: string
  fields: Record<string, unknown>
  text: string
}

function recorder() {
  const lines: Line[] = []
  const at = (level: string) => (fields: object, text: string) =>
    void lines.push({ level, fields: fields as Record<string, unknown>, text })
  return { lines, log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } }
}

export interface Asked {
  headers?: Record<string, string>
  body?: ConstructorParameters<typeof Response>[0]
  actor?: Actor
}

/** A house with a person, a workspace and a token behind the doors of the echoing router; `lines` is what it logs. */
export async function furnished(stores: Stores, options: DoorOptions = {}, overrides: Partial<House> = {}) {
  const { lines, log } = recorder()
  const { house } = testHouse(stores, { log, ...overrides })
  const owner = await seedPerson(house, 'owner@example.com')
  const workspaceId = await seedWorkspace(house, owner)
  const token = await seedToken(house, owner)
  const app = createDoors(house, echoRouter, options)
  const send = async (method: string, target: string, { headers = {}, body = null, actor }: Asked = {}) => {
    const init = { method, headers, body, duplex: 'half' } as RequestInit
    const response = await app.handle(new Request(`http://127.0.0.1:7420${target}`, init), actor)
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as never }
  }
  const bearer = { authorization: `Bearer ${token.value}` }
  const scoped = { ...bearer, 'x-workspace-id': workspaceId }
  return { app, send, lines, owner, workspaceId, token, bearer, scoped }
}

/** What every failure looks like. */
export const envelope = (code: number, type: string) => ({
  id: expect.stringMatching(/^err_\d{14}x[0-9A-F]{8}$/),
  code,
  type,
  message: expect.any(String),
  metadata: expect.any(Object),
})
