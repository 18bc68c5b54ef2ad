import { safeStorage } from 'electron'
import { randomUUID } from 'node:crypto'
import type { ConnectionInfo, NewConnection, Protection } from '../shared/bridge.ts'
import type { Route } from '../shared/host-messages.ts'
import { isRecord, readJson, writeJson } from './files.ts'

export const localId = 'local'
export const localName = 'This computer'

interface Stored {
  id: string
  name: string
  url: string
  /** Sealed by the system, in base64; null where it is kept for one run only. */
  token: string | null
}

function isStored(value: unknown): value is Stored {
  if (!isRecord(value)) return false
  const { id, name, url, token } = value
  return [id, name, url].every((text) => typeof text === 'string') && (token === null || typeof token === 'string')
}

/** @throws Error in words for the person. */
function parseNew(given: unknown): NewConnection {
  const { name, url, token, remember } = isRecord(given) ? given : {}
  const text = (value: unknown, limit: number): string =>
    typeof value === 'string' ? value.trim().slice(0, limit) : ''
  const address = text(url, 2000)
  if (text(name, 80) === '') throw new Error('Give the connection a name.')
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw new Error('The URL must start with https:// or http://.')
  if (text(token, 4000) === '') throw new Error('Enter a token.')
  requireSafe(address)
  return { name: text(name, 80), url: address, token: text(token, 4000), remember: remember === true }
}

/** How well the system keeps what is sealed. On Linux without a keyring "sealed" means a key that everybody knows. */
export async function protection(): Promise<Protection> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return 'none'
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return 'readable'
  return 'keyring'
}

/** The servers a person added. Tokens leave this object only in a route for the host. */
export function createConnections(file: () => string) {
  const session = new Map<string, string>()
  const read = (): Stored[] => {
    const value = readJson(file())
    return Array.isArray(value) ? value.filter(isStored) : []
  }
  const find = (id: string): Stored | undefined => read().find((one) => one.id === id)

  async function tokenOf(one: Stored): Promise<string> {
    const kept = session.get(one.id)
    if (kept !== undefined) return kept
    if (one.token === null) throw new Error(`The token for ${one.name} was not saved. Add the connection again.`)
    const { result, shouldReEncrypt } = await open(one.name, one.token)
    if (shouldReEncrypt) {
      const token = await seal(result)
      writeJson(
        file(),
        read().map((other) => (other.id === one.id ? { ...other, token } : other)),
      )
    }
    return result
  }

  const info = ({ id, name, url, token }: Stored, kept: Protection): ConnectionInfo => ({
    id,
    name,
    url,
    token: session.has(id) ? 'session' : token === null ? 'none' : kept === 'keyring' ? 'keyring' : 'readable',
  })

  return {
    async list(): Promise<ConnectionInfo[]> {
      const kept = await protection()
      const local: ConnectionInfo = { id: localId, name: localName, url: null, token: 'none' }
      return [local, ...read().map((one) => info(one, kept))]
    },
    name: (id: string): string | null => (id === localId ? localName : (find(id)?.name ?? null)),
    url: (id: string): string | null => find(id)?.url ?? null,
    /** @throws Error in words for the person: for a bad address, or where nothing can be kept. */
    async add(given: unknown): Promise<ConnectionInfo> {
      const { name, url, token, remember } = parseNew(given)
      const kept = await protection()
      if (remember && kept === 'none')
        throw new Error('This computer cannot save a token. Use it only until Steward quits.')
      const one: Stored = { id: randomUUID(), name, url, token: remember ? await seal(token) : null }
      if (!remember) session.set(one.id, token)
      writeJson(file(), [...read(), one])
      return info(one, kept)
    },
    remove(id: string): void {
      session.delete(id)
      writeJson(
        file(),
        read().filter((one) => one.id !== id),
      )
    },
    /** Where a window's calls go. @throws Error in words for the person. */
    async route(id: string): Promise<Route> {
      if (id === localId) return { kind: 'local' }
      const one = find(id)
      if (!one) throw new Error('This connection was removed.')
      return { kind: 'remote', name: one.name, url: one.url, token: await tokenOf(one) }
    },
  }
}

export type Connections = ReturnType<typeof createConnections>

async function seal(token: string): Promise<string> {
  return (await safeStorage.encryptStringAsync(token)).toString('base64')
}

/** @throws Error in words for the person: the keyring may have been emptied, or the file come from another computer. */
async function open(name: string, sealed: string) {
  try {
    return await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'))
  } catch (cause) {
    throw new Error(`The token for ${name} can no longer be read. Add the connection again.`, { cause })
  }
}

/** Without TLS a token can be read on its way; within one computer there is no way. */
function requireSafe(address: string): void {
  const { protocol, hostname } = new URL(address)
  if (protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname))
    throw new Error(
      'A token must not be sent without encryption. Use https://; http:// is allowed only for this computer.',
    )
}
