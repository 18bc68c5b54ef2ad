/*
 * The host: a process of its own that holds this computer's data and relays to servers. Windows talk to it over ports
 * that main hands out; main itself sees no data.
 */
import { net } from 'electron'
import type { Copied, FromHost, Refusal, Route, ToHost } from '../shared/host-messages.ts'
import { servePort, type Handle, type PortLike, type ServedPort } from '@steward/api/port-host'
import { readArguments } from './arguments.ts'
import { createHostLog } from './log.ts'
import { requirePrimitives, unfitness } from './program.ts'
import { relayTo } from './relay.ts'

const parent = process.parentPort
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const say = (message: FromHost): void => parent.postMessage(message)
const log = createHostLog(process.stderr)

const given = readArguments(process.argv)

const served = new Map<ServedPort, Route['kind']>()
/** Loaded late: the port must be listened to at once, and all of the app is behind this import. */
const app = requirePrimitives()
  .then(() => import('./local-app.ts'))
  .then(
    (loaded) => openData(loaded),
    (cause: unknown) => refuse(cause, { kind: 'program', message: (unfitness(cause) ?? (cause as Error)).message }),
  )

async function openData({ openApp, refusalOf, keyReplaced }: typeof import('./local-app.ts')) {
  if (given.restore !== null) say({ type: 'restored', ...(await tryRestore(given.restore)) })
  try {
    const opened = await openApp({
      folder: given.data,
      log,
      acceptLoss: given.acceptLoss,
      onProgress: (text) => say({ type: 'progress', text }),
      // The call that found out is answered first.
      onKeyReplaced: () => setImmediate(() => void (closing ??= closeFor(keyReplaced))),
    })
    say({ type: 'ready', refusal: null })
    return opened
  } catch (cause) {
    return refuse(cause, refusalOf(cause))
  }
}

/** Set when the data, which was open, is closed for a reason that its owner sees; windows of servers go on. */
let closing: Promise<Refusal> | null = null

async function closeFor(refusal: Refusal): Promise<Refusal> {
  log.error({}, refusal.message)
  for (const [one, kind] of served) if (kind === 'local') one.close()
  const opened = await app
  if (!isRefusal(opened)) await opened.close()
  say({ type: 'ready', refusal })
  return refusal
}

/** The open app, or why it is not open (any more). */
const current = async (): Promise<Awaited<typeof app>> => closing ?? app

function refuse(cause: unknown, refusal: Refusal): Refusal {
  log.error({ err: cause }, 'The data of this computer cannot be opened.')
  if (refusal.kind === 'program' && given.restore !== null)
    say({ type: 'restored', error: refusal.message, missing: 0 })
  say({ type: 'ready', refusal })
  return refusal
}

async function tryRestore(from: string): Promise<Copied> {
  try {
    const { bringBack } = await import('./restore.ts')
    const { missing } = await bringBack(given.data, from, () => new Date())
    return { error: null, missing: missing.length }
  } catch (cause) {
    log.error({ err: cause }, 'The backup could not be restored.')
    return { error: messageOf(cause), missing: 0 }
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const isRefusal = (opened: Awaited<typeof app>): opened is Refusal => 'message' in opened

/** Calls that come before the app is open wait for it. */
const local: Handle = async (request) => {
  const opened = await current()
  if (isRefusal(opened)) throw new Error(opened.message)
  return opened.handle(request)
}

function serve(route: Route, port: PortLike): void {
  const handle = route.kind === 'local' ? local : relayTo(route, (url, init) => net.fetch(url as string, init))
  const one = servePort(port, handle)
  served.set(one, route.kind)
  port.on?.('close', () => served.delete(one))
}

async function backUp(id: number, target: string): Promise<void> {
  try {
    const opened = await current()
    if (isRefusal(opened)) throw new Error(opened.message)
    const { missing } = await opened.backUp(target)
    say({ type: 'done', id, error: null, missing: missing.length })
  } catch (cause) {
    say({ type: 'done', id, error: messageOf(cause), missing: 0 })
  }
}

async function stop(): Promise<void> {
  for (const one of served.keys()) one.close()
  const opened = await current()
  if (!isRefusal(opened)) await opened.close()
  process.exit(0)
}

parent.on('message', ({ data, ports }) => {
  const message = data as ToHost
  const [port] = ports
  if (message.type === 'serve' && port) serve(message.route, port)
  else if (message.type === 'backup') void backUp(message.id, message.folder)
  else if (message.type === 'stop') void stop()
})
