/*
 * What a window and its host say to each other: a request's parts up, a response's parts down. Bodies are copied, never
 * transferred: a transferred ArrayBuffer arrives empty over Electron's ports (electron#34905).
 */

export type Bytes = Uint8Array<ArrayBuffer>

export type ToHost =
  | {
      type: 'request'
      id: number
      method: string
      target: string
      headers: [string, string][]
      body: string | Bytes | null
    }
  /** The caller has taken so many more bytes of the stream. */
  | { type: 'credit'; id: number; bytes: number }
  | { type: 'abort'; id: number }

export type ToWindow =
  /** `body` is the whole body, or says that a stream of chunks follows. */
  | {
      type: 'response'
      id: number
      status: number
      headers: [string, string][]
      body: string | null | { stream: true }
    }
  | { type: 'chunk'; id: number; bytes: Bytes }
  | { type: 'end'; id: number }
  | { type: 'failed'; id: number; message: string }

/** Bytes of one stream that may be under way before the reader has taken any. */
export const streamWindow = 256 * 1024

/** A web `MessagePort`, Node's, or Electron's `MessagePortMain`. */
export interface PortLike {
  postMessage(message: unknown): void
  close(): void
  start?(): void
  addEventListener?(type: 'message' | 'close', listener: (event: { data?: unknown }) => void): void
  on?(type: 'message' | 'close', listener: (event: { data?: unknown }) => void): unknown
}

/** Listens and starts the port. `onClose` is called where the port tells of it: plain Chromium's does not. */
export function listenTo(port: PortLike, onMessage: (message: unknown) => void, onClose: () => void): void {
  const onEvent = (event: { data?: unknown }): void => onMessage(event.data)
  if (port.addEventListener) {
    port.addEventListener('message', onEvent)
    port.addEventListener('close', onClose)
  } else {
    port.on?.('message', onEvent)
    port.on?.('close', onClose)
  }
  port.start?.()
}

/** The view alone: a structured clone takes a view's whole buffer along, and small ones share a pool. */
export function compact(view: Uint8Array): Bytes {
  return view.byteLength === view.buffer.byteLength && view.buffer instanceof ArrayBuffer
    ? (view as Bytes)
    : new Uint8Array(view)
}
