import type { Net } from 'electron'
import { only } from './env.ts'

/** Electron cancels a request whose redirect nobody follows, instead of handing the redirect out (electron#43715). */
async function fetchAsElectron(input: string, init?: RequestInit): Promise<Response> {
  const response = await globalThis.fetch(input, init)
  if (init?.redirect === 'manual' && response.status >= 300 && response.status < 400)
    throw new Error('Redirect was cancelled')
  return response
}

export const net: Net = only<Net>('net', { fetch: fetchAsElectron })
