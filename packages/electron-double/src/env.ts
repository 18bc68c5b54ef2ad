import { EventEmitter } from 'node:events'
import { appendFileSync } from 'node:fs'

// The double is steered through the environment of its process, for the command line belongs to the app.
// oxlint-disable-next-line node/no-process-env
const { env } = process

export const doubleEnv = {
  chromium: env['CHROMIUM'] ?? '/usr/bin/chromium',
  role: env['STEWARD_DOUBLE_ROLE'] === 'utility' ? ('utility' as const) : ('main' as const),
  journal: env['STEWARD_DOUBLE_JOURNAL'] ?? null,
  /** Every socket to elsewhere is refused and written down. */
  denyNetwork: env['STEWARD_DOUBLE_NETWORK'] === 'deny',
  /** As if the app had been installed. */
  packaged: env['STEWARD_DOUBLE_PACKAGED'] === 'yes',
  /** A link that the system hands over before the app is ready, as macOS does. */
  openUrl: env['STEWARD_DOUBLE_OPEN_URL'] ?? '',
  /** Members of `node:crypto` that the utility process goes without, as BoringSSL might. */
  lacking: (env['STEWARD_DOUBLE_LACKING'] ?? '').split(',').filter(Boolean),
  keyring: env['STEWARD_DOUBLE_KEYRING'] ?? 'gnome_libsecret',
}

/** What a utility process needs of it, whatever environment the app gives it. */
export const utilityEnv = {
  NODE_COMPILE_CACHE: env['NODE_COMPILE_CACHE'],
  STEWARD_DOUBLE_ROLE: 'utility',
  STEWARD_DOUBLE_JOURNAL: doubleEnv.journal ?? undefined,
  STEWARD_DOUBLE_NETWORK: doubleEnv.denyNetwork ? 'deny' : '',
  STEWARD_DOUBLE_LACKING: doubleEnv.lacking.join(','),
}

/** What the double saw and a test may ask about. */
export type Entry =
  | { kind: 'refused'; url: string; by: string }
  | { kind: 'network'; target: string; role: string }
  | { kind: 'external'; url: string }
  | { kind: 'preload-failed'; message: string }
  | { kind: 'host'; event: 'fork' | 'exit'; pid: number; code: number | null }

export function note(entry: Entry): void {
  if (doubleEnv.journal !== null) appendFileSync(doubleEnv.journal, `${JSON.stringify(entry)}\n`)
}

/** For what the double does not do: it says its own name instead of pretending. */
export function unwritten(name: string): never {
  throw new Error(`electron's ${name} is not written in the double: packages/electron-double`)
}

/** An object whose unwritten members throw their names when they are used. */
export function only<T extends object>(name: string, written: Partial<T>): T {
  const quiet = new Set<PropertyKey>(['then', 'toJSON', 'nodeType', 'asymmetricMatch'])
  return new Proxy(written as T, {
    get(target, key, receiver) {
      if (Reflect.has(target, key) || typeof key === 'symbol' || quiet.has(key))
        return Reflect.get(target, key, receiver)
      return unwritten(`${name}.${key}`)
    },
  })
}

/** The same for a class of emitters: its objects must stay themselves, so their prototype's prototype does the watching. */
export function strictPrototype(name: string, written: { prototype: EventEmitter }): void {
  const quiet = new Set(['then', 'toJSON', 'domain', 'asymmetricMatch'])
  const watching = new Proxy(EventEmitter.prototype, {
    get(target, key, receiver) {
      if (typeof key === 'symbol' || key in target || key.startsWith('_') || quiet.has(key))
        return Reflect.get(target, key, receiver) as unknown
      return unwritten(`${name}.${key}`)
    },
  })
  Object.setPrototypeOf(written.prototype, watching)
}
