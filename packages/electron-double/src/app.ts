import type { App } from 'electron'
import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { startChromium, type Browser } from './chromium.ts'
import { doubleEnv, only } from './env.ts'

const emitter = new EventEmitter()
const paths = new Map<string, string>([
  ['userData', join(tmpdir(), 'steward-double-data')],
  ['temp', tmpdir()],
])
const ready = Promise.withResolvers<void>()
let isReady = false
let quitting = false
let exiting = false

let started: Browser | null = null
/** Chromium, once the app is ready. */
export function browser(): Browser {
  if (!started) throw new Error('The app is not ready: there is no browser yet.')
  return started
}

/** Windows that must be closed before the app can end; kept by window.ts. */
export const openWindows = new Set<{ close(): void; isDestroyed(): boolean }>()

/** What must still be sent before the process may end. */
const farewells = new Set<Promise<unknown>>()

async function start(): Promise<void> {
  started = await startChromium()
  process.send?.({ double: 'browser', endpoint: started.endpoint })
  isReady = true
  emitter.emit('will-finish-launching')
  ready.resolve()
  emitter.emit('ready', {})
}

/** Begins once main's module has run, as Electron does. */
export function launchApp(): void {
  if (exiting) return
  if (doubleEnv.openUrl !== '') emitter.emit('open-url', event(), doubleEnv.openUrl)
  void start()
}

function event(): { preventDefault(): void; defaultPrevented: boolean } {
  const one = { defaultPrevented: false, preventDefault: () => void (one.defaultPrevented = true) }
  return one
}

function quit(): void {
  if (exiting) return
  const before = event()
  emitter.emit('before-quit', before)
  if (before.defaultPrevented) return
  if (openWindows.size === 0) return finish()
  quitting = true
  for (const window of openWindows) window.close()
  // A window that stays calls the quitting off.
  if (openWindows.size > 0) quitting = false
}

function finish(): void {
  const last = event()
  emitter.emit('will-quit', last)
  quitting = false
  if (!last.defaultPrevented) exit(0)
}

let lastWindowClosed: NodeJS.Immediate | null = null

/** Told by window.ts when a window has closed. */
export function windowClosed(): void {
  if (openWindows.size > 0) return
  lastWindowClosed ??= setImmediate(() => {
    lastWindowClosed = null
    if (openWindows.size > 0 || exiting) return
    if (quitting) return finish()
    if (emitter.listenerCount('window-all-closed') === 0) quit()
    else emitter.emit('window-all-closed')
  })
}

function exit(code = 0): void {
  if (exiting) return
  exiting = true
  emitter.emit('quit', {}, code)
  void Promise.allSettled([...farewells, started?.close()]).then(() => process.exit(code))
}

/** The name of the socket the first instance listens on, per user data folder. */
function socketPath(): string {
  const hash = createHash('sha256')
    .update(paths.get('userData') ?? '')
    .digest('hex')
  return join(tmpdir(), `steward-double-${hash.slice(0, 16)}.sock`)
}

let lockServer: Server | null = null

function requestSingleInstanceLock(): boolean {
  const userData = paths.get('userData') ?? ''
  mkdirSync(userData, { recursive: true })
  const lock = join(userData, 'double.lock')
  const holder = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : null
  if (holder !== null && holder !== process.pid && isAlive(holder)) {
    const handed = new Promise<void>((resolve) => {
      const socket = connect(socketPath(), () => socket.end(JSON.stringify(process.argv)))
      socket.once('close', () => resolve())
      socket.once('error', () => resolve())
    })
    farewells.add(handed)
    return false
  }
  writeFileSync(lock, String(process.pid))
  rmSync(socketPath(), { force: true })
  lockServer = createServer((socket) => {
    let text = ''
    socket.on('data', (data) => (text += String(data)))
    socket.on('end', () => emitter.emit('second-instance', {}, JSON.parse(text) as string[], '', {}))
  }).listen(socketPath())
  lockServer.unref()
  process.once('exit', () => {
    rmSync(lock, { force: true })
    rmSync(socketPath(), { force: true })
  })
  return true
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const switchOf = (name: string): string | undefined =>
  process.argv.find((argument) => argument === `--${name}` || argument.startsWith(`--${name}=`))

const registered = new Set<string>()

const written = {
  name: 'Steward',
  isPackaged: doubleEnv.packaged,
  commandLine: only<Electron.CommandLine>('app.commandLine', {
    getSwitchValue: (name) => switchOf(name)?.slice(name.length + 3) ?? '',
    hasSwitch: (name) => switchOf(name) !== undefined,
  }),
  isReady: () => isReady,
  whenReady: () => ready.promise,
  getPath: (name: string) => {
    const path = paths.get(name)
    if (path === undefined) throw new Error(`Failed to get '${name}' path`)
    return path
  },
  setPath: (name: string, path: string) => void paths.set(name, path),
  getVersion: () => '0.0.0',
  getName: () => 'Steward',
  requestSingleInstanceLock,
  hasSingleInstanceLock: () => lockServer !== null,
  setAsDefaultProtocolClient: (scheme: string) => {
    registered.add(scheme)
    return true
  },
  isDefaultProtocolClient: (scheme: string) => registered.has(scheme),
  quit,
  exit,
  on: (name: string, listener: (...args: never[]) => void) => {
    emitter.on(name, listener as (...args: unknown[]) => void)
    return app
  },
  once: (name: string, listener: (...args: never[]) => void) => {
    emitter.once(name, listener as (...args: unknown[]) => void)
    return app
  },
  emit: (name: string, ...args: unknown[]) => emitter.emit(name, ...args),
}

export const app: App = only<App>('app', written)
