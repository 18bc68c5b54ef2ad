import type { Stores } from '@steward/db'
import { expect } from 'vitest'
import type { Actor } from '../core/context.ts'
import type { AppContext } from '../core/app-context.ts'
import { seedPerson, seedToken, seedWorkspace, testApp } from '../core/app.testing.ts'
import type { EndpointOptions } from './api.ts'
import { createEndpoints } from './api.ts'
import { echoRouter } from './echo-router.testing.ts'

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

/** An app with a person, a workspace and a token behind the endpoints of the echoing router; `lines` is what it logs. */
export async function served(stores: Stores, options: EndpointOptions = {}, overrides: Partial<AppContext> = {}) {
  const { lines, log } = recorder()
  const { app } = testApp(stores, { log, ...overrides })
  const owner = await seedPerson(app, 'owner@example.com')
  const workspaceId = await seedWorkspace(app, owner)
  const token = await seedToken(app, owner)
  const api = createEndpoints(app, echoRouter, options)
  const send = async (method: string, target: string, { headers = {}, body = null, actor }: Asked = {}) => {
    const init = { method, headers, body, duplex: 'half' } as RequestInit
    const response = await api.handle(new Request(`http://127.0.0.1:7420${target}`, init), actor)
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as never }
  }
  const bearer = { authorization: `Bearer ${token.value}` }
  const scoped = { ...bearer, 'x-workspace-id': workspaceId }
  return { api, send, lines, owner, workspaceId, token, bearer, scoped }
}

/** What every failure looks like. */
export const envelope = (code: number, type: string) => ({
  id: expect.stringMatching(/^err_\d{14}x[0-9A-F]{8}$/),
  code,
  type,
  message: expect.any(String),
  metadata: expect.any(Object),
})
