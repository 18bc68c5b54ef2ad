import { storesOf } from '../core/house.ts'
import { toEnvelope } from '../core/errors.ts'
import { clientIpHeader } from '../sign-in/session-cookie.ts'
import type { Call, Door, Hall } from './call.ts'
import { answer, countStranger, note } from './call.ts'
import type { Incoming } from './incoming.ts'
import { fromResponse, mebibyte } from './incoming.ts'

/** Alive: the process answers. */
export const healthDoor: Door = async (_hall, call) => answer(call, 200, { status: 'ok' })

/**
 * Ready: both databases answer, and the process is not on its way out.
 * @param isOpen false while the process shuts down.
 */
export function createReadyDoor(isOpen: () => boolean): Door {
  return async (hall, call) => {
    try {
      if (!isOpen()) throw new Error('This process is shutting down.')
      const { main, telemetry } = storesOf(hall.house)
      await Promise.all([main.ping(), telemetry.ping()])
      return answer(call, 200, { status: 'ready' })
    } catch (cause) {
      return unready(hall, call, cause)
    }
  }
}

function unready(hall: Hall, call: Call, cause: unknown) {
  const inside = toEnvelope(cause, { now: new Date(hall.house.clock.now()) })
  const envelope = {
    ...inside,
    code: 503,
    message: 'Not ready: a database does not answer, or the process is shutting down.',
  }
  note(hall, call, { envelope, cause })
  return answer(call, 503, envelope)
}

/** Sign-in pages and calls: the sign-in library answers them, with its own protection against foreign pages. */
export const signInDoor: Door = async (hall, call) => {
  countStranger(hall, call)
  return fromResponse(await hall.house.signIn.handle(await toRequest(hall, call.incoming)), call.headers)
}

async function toRequest({ house }: Hall, incoming: Incoming): Promise<Request> {
  const { method, target } = incoming
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const bytes = hasBody ? await incoming.body(mebibyte) : null
  const headers = new Headers(incoming.headers())
  headers.delete(clientIpHeader)
  if (incoming.ip !== null) headers.set(clientIpHeader, incoming.ip)
  return new Request(new URL(target, house.settings.publicUrl), {
    method,
    headers,
    body: bytes && bytes.byteLength > 0 ? (bytes as Uint8Array<ArrayBuffer>) : null,
    signal: incoming.signal,
  })
}
