import type { IpcMainInvokeEvent, WebContents, WebFrameMain, WebPreferences } from 'electron'
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { browser } from './app.ts'
import type { CdpSession } from './cdp.ts'
import { codec, makeCodec } from './codec.ts'
import { note, strictPrototype } from './env.ts'
import { isolatedWorld, mainWorld, type PreloadSetting } from './in-page.ts'
import { answerInvoke } from './ipc.ts'
import { fromBrowser, schemes, toBrowser } from './pages.ts'
import { DoublePort, endsOf, FarPorts } from './ports.ts'
import { answerPage } from './protocol.ts'

const world = 'steward-preload'
const tag = 'steward-double'

interface Paused {
  requestId: string
  request: { url: string; method: string; headers: Record<string, string>; postData?: string }
  frameId: string
  resourceType: string
  redirectedRequestId?: string
}

interface Context {
  id: number
  frameId: string
}

interface ToMain {
  t: string
  id: number
  channel: string
  args: unknown[]
  message: string
}

interface Frame {
  id: string
  parentId: string | null
  url: string
}

export interface ContentsOptions {
  preferences: WebPreferences
  preload: string | undefined
  argv: string[]
  inFrames: boolean
}

type OpenHandler = Parameters<WebContents['setWindowOpenHandler']>[0]

let count = 0

/** `webContents`: one page of Chromium, its requests answered here, its preload in a world of its own. */
export class Contents extends EventEmitter {
  readonly id = ++count
  readonly ready: Promise<void>
  targetId = ''
  /** Told when the page goes away by itself. */
  onGone: () => void = () => {}
  #session!: CdpSession
  readonly #options: ContentsOptions
  readonly #frames = new Map<string, Frame>()
  readonly #contexts = new Map<number, Context>()
  readonly #ports: FarPorts
  #mainFrame = ''
  #url = ''
  #own = 0
  #loading: PromiseWithResolvers<void> | null = null
  #destroyed = false
  #openHandler: OpenHandler | null = null

  constructor(options: ContentsOptions) {
    super()
    this.#options = options
    this.#ports = new FarPorts({ send: (message) => this.#toPage(message) })
    this.ready = this.#open()
    this.ready.catch(() => {})
  }

  async #open(): Promise<void> {
    const { cdp } = browser()
    const { targetId } = await cdp.root.send('Target.createTarget', { url: 'about:blank', newWindow: true })
    this.targetId = targetId as string
    const { sessionId } = await cdp.root.send('Target.attachToTarget', { targetId, flatten: true })
    const session = cdp.session(sessionId as string)
    this.#session = session
    this.#listen(session)
    await Promise.all([
      session.send('Page.enable'),
      session.send('Runtime.enable'),
      session.send('Network.enable'),
      session.send('Inspector.enable'),
      session.send('Runtime.addBinding', { name: '__doubleSend', executionContextName: world }),
      session.send('Runtime.addBinding', { name: '__doubleOpen' }),
      session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
    ])
    const { frameTree } = (await session.send('Page.getFrameTree')) as { frameTree: { frame: { id: string } } }
    this.#mainFrame = frameTree.frame.id
    this.#frames.set(this.#mainFrame, { id: this.#mainFrame, parentId: null, url: 'about:blank' })
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `(${String(mainWorld)})(${JSON.stringify(tag)}, ${String(makeCodec)})`,
    })
    if (this.#options.preload !== undefined)
      await session.send('Page.addScriptToEvaluateOnNewDocument', {
        source: this.#preloadScript(this.#options.preload),
        worldName: world,
      })
  }

  #preloadScript(file: string): string {
    if (!file.endsWith('.cjs') && !file.endsWith('.js'))
      note({ kind: 'preload-failed', message: `${file} is no CommonJS file.` })
    const setting: PreloadSetting = {
      tag,
      argv: ['electron', ...this.#options.argv],
      platform: process.platform,
      inFrames: this.#options.inFrames,
    }
    const source = readFileSync(file, 'utf8')
    return `(${String(isolatedWorld)})(${JSON.stringify(setting)}, ${String(makeCodec)}, function (require, process, module, exports) {\n${source}\n})`
  }

  #listen(session: CdpSession): void {
    session.on<Paused>('Fetch.requestPaused', (paused) => void this.#answer(paused))
    session.on<{ context: { id: number; name: string; auxData: { frameId: string } } }>(
      'Runtime.executionContextCreated',
      ({ context }) => {
        if (context.name === world) this.#contexts.set(context.id, { id: context.id, frameId: context.auxData.frameId })
      },
    )
    session.on<{ executionContextId: number }>('Runtime.executionContextDestroyed', ({ executionContextId }) =>
      this.#contextGone(executionContextId),
    )
    session.on('Runtime.executionContextsCleared', () => {
      for (const id of this.#contexts.keys()) this.#contextGone(id)
    })
    session.on<{ name: string; payload: string; executionContextId: number }>('Runtime.bindingCalled', (called) => {
      if (called.name === '__doubleOpen') this.#windowOpen(fromBrowser(called.payload))
      if (called.name === '__doubleSend') this.#hear(called.executionContextId, codec.decode(called.payload) as ToMain)
    })
    session.on<{ frame: { id: string; parentId?: string; url: string; urlFragment?: string } }>(
      'Page.frameNavigated',
      ({ frame }) => {
        const url = fromBrowser(frame.url + (frame.urlFragment ?? ''))
        this.#frames.set(frame.id, { id: frame.id, parentId: frame.parentId ?? null, url })
        if (frame.id === this.#mainFrame) this.#url = url
      },
    )
    session.on<{ frameId: string; parentFrameId: string }>('Page.frameAttached', ({ frameId, parentFrameId }) =>
      this.#frames.set(frameId, { id: frameId, parentId: parentFrameId, url: 'about:blank' }),
    )
    session.on<{ frameId: string; url: string }>('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId === this.#mainFrame) this.#url = fromBrowser(url)
    })
    session.on('Page.loadEventFired', () => {
      this.#loading?.resolve()
      this.#loading = null
      this.emit('did-finish-load')
    })
    session.on<{ url: string }>('Network.webSocketCreated', ({ url }) => note({ kind: 'refused', url, by: 'page' }))
    session.on('Inspector.targetCrashed', () =>
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 }),
    )
  }

  #contextGone(id: number): void {
    const context = this.#contexts.get(id)
    this.#contexts.delete(id)
    if (context?.frameId === this.#mainFrame) this.#ports.closeAll()
  }

  #frameMain(id: string): WebFrameMain | null {
    const frame = this.#frames.get(id)
    if (!frame) return null
    const parent = frame.parentId === null ? null : this.#frameMain(frame.parentId)
    const url = frame.parentId === null ? this.#url : frame.url
    return { url, parent } as Partial<WebFrameMain> as WebFrameMain
  }

  #hear(contextId: number, message: ToMain): void {
    if (this.#ports.hear(message)) return
    if (message.t === 'preload-failed') {
      note({ kind: 'preload-failed', message: message.message })
      process.stderr.write(`Unable to load preload script: ${message.message}\n`)
    }
    if (message.t !== 'invoke') return
    const context = this.#contexts.get(contextId)
    const event = {
      sender: this as unknown as WebContents,
      senderFrame: context ? this.#frameMain(context.frameId) : null,
    }
    void answerInvoke(event as Partial<IpcMainInvokeEvent> as IpcMainInvokeEvent, message.channel, message.args).then(
      (answer) => this.#run(contextId, { t: 'reply', id: message.id, ...answer }),
    )
  }

  #toPage(message: unknown): void {
    for (const { id, frameId } of this.#contexts.values()) if (frameId === this.#mainFrame) this.#run(id, message)
  }

  #run(contextId: number, message: unknown): void {
    if (this.#destroyed) return
    const expression = `__doubleReceive(${JSON.stringify(codec.encode(message))})`
    this.#session.tell('Runtime.evaluate', { expression, contextId })
  }

  async #answer(paused: Paused): Promise<void> {
    const { requestId, request, resourceType } = paused
    const url = fromBrowser(request.url)
    try {
      if (resourceType === 'Document' && !this.#mayNavigate(paused, url)) return this.#fail(requestId, 'Aborted')
      const method = request.method
      const body = request.postData
      const response = url.startsWith('app:')
        ? await answerPage(new Request(url, { method, headers: request.headers, ...(body !== undefined && { body }) }))
        : null
      if (!response) {
        note({ kind: 'refused', url, by: 'page' })
        return this.#fail(requestId, 'BlockedByClient')
      }
      await this.#session.send('Fetch.fulfillRequest', {
        requestId,
        responseCode: response.status,
        responseHeaders: [...response.headers].map(([name, value]) => ({ name, value })),
        body: Buffer.from(await response.arrayBuffer()).toString('base64'),
      })
    } catch (cause) {
      // The page may have gone while its request was being answered.
      if (!this.#destroyed && schemes.size > 0) this.#fail(requestId, 'Failed')
      if (cause instanceof Error && !/Fetch\.|has ended|session/i.test(cause.message)) throw cause
    }
  }

  #fail(requestId: string, errorReason: string): void {
    this.#session.tell('Fetch.failRequest', { requestId, errorReason })
  }

  /** Asks the app's guards about navigations that the page began. */
  #mayNavigate(paused: Paused, url: string): boolean {
    const isMainFrame = paused.frameId === this.#mainFrame
    const redirected = paused.redirectedRequestId !== undefined
    if (isMainFrame && this.#own > 0 && !redirected) {
      this.#own -= 1
      return true
    }
    const event = {
      url,
      isMainFrame,
      isSameDocument: false,
      defaultPrevented: false,
      preventDefault: () => void (event.defaultPrevented = true),
    }
    if (redirected) this.emit('will-redirect', event)
    else {
      this.emit('will-frame-navigate', event)
      if (isMainFrame && !event.defaultPrevented) this.emit('will-navigate', event)
    }
    return !event.defaultPrevented
  }

  #windowOpen(url: string): void {
    const details = {
      url,
      frameName: '',
      features: '',
      disposition: 'foreground-tab',
      referrer: { url: '', policy: 'default' },
    }
    const { action } = this.#openHandler?.(details as never) ?? { action: 'allow' }
    if (action === 'allow') this.emit('double-popup')
  }

  getLastWebPreferences(): WebPreferences {
    return this.#options.preferences
  }

  get mainFrame(): WebFrameMain | null {
    return this.#frameMain(this.#mainFrame)
  }

  async loadURL(url: string): Promise<void> {
    await this.ready
    this.#own += 1
    const loading = (this.#loading = Promise.withResolvers<void>())
    const { errorText = '' } = (await this.#session.send('Page.navigate', { url: toBrowser(url) })) as {
      errorText?: string
    }
    if (errorText !== '') loading.reject(new Error(`${errorText} loading '${url}'`))
    await loading.promise
  }

  reload(): void {
    this.#own += 1
    this.#session.tell('Page.reload')
  }

  getURL(): string {
    return this.#url
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  isCrashed(): boolean {
    return false
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler
  }

  send(channel: string, ...args: unknown[]): void {
    this.#toPage({ t: 'event', channel, args, ports: [] })
  }

  postMessage(channel: string, message: unknown, transfer: unknown[] = []): void {
    if (transfer.some((one) => !(one instanceof DoublePort)))
      throw new TypeError('Only MessagePortMain objects can be transferred.')
    // The page is told of a port before anything that waited on it is sent after.
    const ids: number[] = []
    const later = endsOf(transfer).map((end) => {
      const id = this.#ports.reserve()
      ids.push(id)
      return () => this.#ports.adopt(id, end)
    })
    this.#toPage({ t: 'event', channel, args: [message], ports: ids })
    for (const adopt of later) adopt()
  }

  async executeJavaScript(expression: string): Promise<unknown> {
    const asked = { expression, awaitPromise: true, returnByValue: true }
    const { result, exceptionDetails } = (await this.#session.send('Runtime.evaluate', asked)) as {
      result: { value?: unknown }
      exceptionDetails?: { text: string }
    }
    if (exceptionDetails) throw new Error(exceptionDetails.text)
    return result.value
  }

  forcefullyCrashRenderer(): void {
    this.#session.tell('Page.crash')
  }

  async destroy(): Promise<void> {
    if (this.#destroyed) return
    this.#destroyed = true
    this.#ports.closeAll()
    await this.ready.catch(() => {})
    await browser()
      .cdp.root.send('Target.closeTarget', { targetId: this.targetId })
      .catch(() => {})
    this.emit('destroyed')
  }
}

strictPrototype('webContents', Contents)
