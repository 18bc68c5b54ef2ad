import net from 'node:net'
import { doubleEnv, note } from './env.ts'

/** Addresses the double itself uses: Chromium's debugging port. */
const allowed = new Set<string>()

export function allowAddress(host: string, port: number): void {
  allowed.add(`${host}:${port}`)
}

/**
 * Refuses every socket, to elsewhere or listening, and writes it down: the proof that the local mode needs no network
 * and opens no port. Files that look like sockets (the single-instance lock) are no network.
 */
export function denyNetwork(): void {
  denyListening()
  // oxlint-disable-next-line typescript/unbound-method
  const connect = net.Socket.prototype.connect as (...args: unknown[]) => net.Socket
  net.Socket.prototype.connect = function patched(this: net.Socket, ...args: unknown[]): net.Socket {
    const options = targetOf(args)
    if (options.path === undefined && !allowed.has(`${options.host}:${options.port}`)) {
      note({ kind: 'network', target: `${options.host}:${options.port}`, role: doubleEnv.role })
      process.nextTick(() => this.destroy(new Error('The network is denied in this run.')))
      return this
    }
    return connect.apply(this, args)
  }
}

function targetOf(args: unknown[]): { host: string; port: number; path: string | undefined } {
  const first = (Array.isArray(args[0]) ? args[0][0] : args[0]) as unknown
  if (typeof first === 'string') return { host: '', port: 0, path: first }
  if (typeof first === 'number')
    return { host: typeof args[1] === 'string' ? args[1] : 'localhost', port: first, path: undefined }
  const { host = 'localhost', port = 0, path } = first as { host?: string; port?: number; path?: string }
  return { host, port, path }
}

function denyListening(): void {
  // oxlint-disable-next-line typescript/unbound-method
  const listen = net.Server.prototype.listen as (...args: unknown[]) => net.Server
  net.Server.prototype.listen = function patched(this: net.Server, ...args: unknown[]): net.Server {
    const { host, port, path } = targetOf(args)
    if (path !== undefined) return listen.apply(this, args)
    note({ kind: 'network', target: `listening on ${host}:${port}`, role: doubleEnv.role })
    process.nextTick(() => this.emit('error', new Error('The network is denied in this run.')))
    return this
  }
}
