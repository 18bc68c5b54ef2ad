import type { Protocol } from 'electron'
import { only } from './env.ts'
import { schemes } from './pages.ts'
import { app } from './app.ts'

type Handler = Parameters<Protocol['handle']>[1]

const handlers = new Map<string, Handler>()
let announced = false

const written = {
  registerSchemesAsPrivileged(list: Electron.CustomScheme[]) {
    if (app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    if (announced) throw new Error('protocol.registerSchemesAsPrivileged may be called only once')
    announced = true
    for (const { scheme, privileges } of list)
      schemes.set(scheme, { standard: privileges?.standard === true, secure: privileges?.secure === true })
  },
  handle(scheme: string, handler: Handler) {
    if (!app.isReady()) throw new Error('protocol.handle: the app is not ready')
    handlers.set(scheme, handler)
  },
  isProtocolHandled: (scheme: string) => handlers.has(scheme),
} satisfies Partial<Protocol>

export const protocol: Protocol = only<Protocol>('protocol', written)

/** The app's own answer to a request for one of its schemes; null when it handles none such. */
export async function answerPage(request: Request): Promise<Response | null> {
  const scheme = new URL(request.url).protocol.slice(0, -1)
  const handler = handlers.get(scheme)
  const rights = schemes.get(scheme)
  if (!handler || !rights?.standard || !rights.secure) return null
  return handler(request)
}
