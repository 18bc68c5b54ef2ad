/* The part of the double that runs in pages. Each function is self-contained: its source text is what runs there. */
import type { Codec } from './codec.ts'

/** Half the contextBridge: what the page itself sees of it. Runs in the page's own world before its scripts. */
export function mainWorld(tag: string, makeCodec: () => Codec): void {
  const codec = makeCodec()
  const answers = new Map<number, { state: string; value: unknown }>()
  const promised = new Map<number, PromiseWithResolvers<unknown>>()
  let count = 0
  const raise = (value: unknown): never => {
    throw value
  }
  const call = (key: string, path: string[], args: unknown[]): unknown => {
    const id = ++count
    document.dispatchEvent(new CustomEvent(`${tag}:call`, { detail: codec.encode({ id, key, path, args }) }))
    const answer = answers.get(id)
    answers.delete(id)
    if (!answer) return raise(new Error('The preload did not answer.'))
    if (answer.state === 'error') return raise(answer.value)
    if (answer.state === 'value') return answer.value
    const waiting = Promise.withResolvers<unknown>()
    promised.set(id, waiting)
    return waiting.promise
  }
  const build = (key: string, shape: unknown, path: string[]): unknown => {
    const { f, o, v } = shape as { f?: true; o?: Record<string, unknown>; v?: unknown }
    if (f) return (...args: unknown[]) => call(key, path, args)
    if (!o) return v
    const entries = Object.entries(o).map(([name, inner]) => [name, build(key, inner, [...path, name])])
    return Object.freeze(Object.fromEntries(entries))
  }
  document.addEventListener(`${tag}:expose`, (event) => {
    const { key, shape } = codec.decode((event as CustomEvent<string>).detail) as { key: string; shape: unknown }
    if (key in globalThis) return
    Object.defineProperty(globalThis, key, { value: build(key, shape, []), enumerable: true })
  })
  document.addEventListener(`${tag}:answer`, (event) => {
    const { id, state, value } = codec.decode((event as CustomEvent<string>).detail) as {
      id: number
      state: string
      value: unknown
    }
    const waiting = promised.get(id)
    promised.delete(id)
    if (!waiting) answers.set(id, { state, value })
    else if (state === 'error') waiting.reject(value)
    else waiting.resolve(value)
  })
  document.dispatchEvent(new CustomEvent(`${tag}:ready`))

  // A refused window never comes to be in Electron. Here it would for a moment, so the asking is caught in the page.
  const world = globalThis as unknown as Record<string, unknown>
  const asks = world['__doubleOpen'] as (url: string) => void
  delete world['__doubleOpen']
  const ask = (url: string): void => asks(new URL(url, document.baseURI).href)
  window.open = (url) => {
    ask(String(url ?? ''))
    return null
  }
  window.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return
    const elsewhere = !['', '_self', '_top', '_parent'].includes(link.target)
    if (!elsewhere && !event.ctrlKey && !event.metaKey && !event.shiftKey) return
    event.preventDefault()
    ask(link.href)
  })
}

export interface PreloadSetting {
  tag: string
  argv: string[]
  platform: string
  inFrames: boolean
}

type Binding = (text: string) => void

/** The sandboxed preload's surroundings. Runs in a world of its own, with the preload's source as a function. */
export function isolatedWorld(
  { tag, argv, platform, inFrames }: PreloadSetting,
  makeCodec: () => Codec,
  preload: (require: (name: string) => unknown, process: object, module: object, exports: object) => void,
): void {
  if (window !== window.top && !inFrames) return
  const codec = makeCodec()
  const world = globalThis as unknown as Record<string, unknown>
  const send = (message: unknown): void => (world['__doubleSend'] as Binding)(codec.encode(message))
  const exposed = new Map<string, unknown>()
  const listeners = new Map<string, ((...args: unknown[]) => void)[]>()
  const invoked = new Map<number, PromiseWithResolvers<unknown>>()
  const ports = new Map<number, MessagePort>()
  let count = 0

  const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype
  const shapeOf = (value: unknown): unknown => {
    if (typeof value === 'function') return { f: true }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { v: value }
    // What is no plain object arrives empty in Electron too: a port, for one.
    const entries = isPlain(value) ? Object.entries(value) : []
    return { o: Object.fromEntries(entries.map(([name, inner]) => [name, shapeOf(inner)])) }
  }
  const expose = (key: string): void =>
    void document.dispatchEvent(
      new CustomEvent(`${tag}:expose`, { detail: codec.encode({ key, shape: shapeOf(exposed.get(key)) }) }),
    )
  const answer = (id: number, state: string, value: unknown): void =>
    void document.dispatchEvent(new CustomEvent(`${tag}:answer`, { detail: codec.encode({ id, state, value }) }))
  document.addEventListener(`${tag}:ready`, () => [...exposed.keys()].forEach(expose))
  document.addEventListener(`${tag}:call`, (event) => {
    const asked = codec.decode((event as CustomEvent<string>).detail) as {
      id: number
      key: string
      path: string[]
      args: unknown[]
    }
    try {
      let target = exposed.get(asked.key)
      for (const name of asked.path) target = (target as Record<string, unknown>)[name]
      const result = (target as (...args: unknown[]) => unknown)(...asked.args)
      if (!(result instanceof Promise)) return answer(asked.id, 'value', result)
      answer(asked.id, 'promise', null)
      result.then(
        (value) => answer(asked.id, 'value', value),
        (cause: unknown) => answer(asked.id, 'error', cause),
      )
    } catch (cause) {
      answer(asked.id, 'error', cause)
    }
  })

  const openPort = (id: number): MessagePort => {
    const { port1, port2 } = new MessageChannel()
    ports.set(id, port1)
    port1.addEventListener('message', ({ data }) => send({ t: 'port', port: id, data }))
    port1.start()
    return port2
  }
  world['__doubleReceive'] = (text: string): void => {
    const message = codec.decode(text) as {
      t: string
      id: number
      port: number
      channel: string
      data: unknown
      args: unknown[]
      ports: number[]
      error: string | null
    }
    if (message.t === 'port') ports.get(message.port)?.postMessage(message.data)
    if (message.t === 'port-close') ports.get(message.port)?.close()
    if (message.t === 'reply') {
      const waiting = invoked.get(message.id)
      invoked.delete(message.id)
      if (message.error === null) waiting?.resolve(message.data)
      else waiting?.reject(new Error(message.error))
    }
    if (message.t === 'event') {
      const event = { sender: electron.ipcRenderer, ports: message.ports.map(openPort) }
      for (const listener of listeners.get(message.channel) ?? []) listener(event, ...message.args)
    }
  }

  const refuse = (name: string): never => {
    throw new Error(`${name} is not written in the double: packages/electron-double/src/in-page.ts`)
  }
  const strict = (name: string, written: Record<string, unknown>) =>
    new Proxy(written, {
      get: (target, key) =>
        key in target || typeof key === 'symbol' ? target[key as string] : refuse(`${name}.${key}`),
    })
  const ipcRenderer = strict('ipcRenderer', {
    invoke: (channel: string, ...args: unknown[]) => {
      const id = ++count
      const waiting = Promise.withResolvers<unknown>()
      invoked.set(id, waiting)
      send({ t: 'invoke', id, channel, args })
      return waiting.promise
    },
    send: (channel: string, ...args: unknown[]) => send({ t: 'send', channel, args }),
    on: (channel: string, listener: (...args: unknown[]) => void) => {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener])
      return ipcRenderer
    },
  })
  const contextBridge = strict('contextBridge', {
    exposeInMainWorld: (key: string, api: unknown) => {
      if (exposed.has(key))
        throw new Error(`Cannot bind an API on top of an existing property on the window object: ${key}`)
      exposed.set(key, api)
      expose(key)
    },
  })
  const electron = strict('electron', { ipcRenderer, contextBridge })
  const require = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return electron
    throw new Error(`module not found: ${name}`)
  }
  const module = { exports: {} }
  const process = { argv, platform, type: 'renderer', sandboxed: true, contextIsolated: true, env: {}, versions: {} }
  try {
    preload(require, process, module, module.exports)
  } catch (cause) {
    send({ t: 'preload-failed', message: cause instanceof Error ? cause.message : String(cause) })
  }
}
