import type { IpcMainInvokeEvent, WebContents, WebFrameMain, WebPreferences } from 'electron'
import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import { browser } from './app.ts'
import type { CdpSession } from './cdp.ts'
import { codec, makeCodec } from './codec.ts'
import { note, strictPrototype } from './env.ts'
import { Frames, preloadWorld } from './frames.ts'
import { isolatedWorld, mainWorld, type PreloadSetting } from './in-page.ts'
import { answerInvoke } from './ipc.ts'
import { fromBrowser, toBrowser } from './pages.ts'
import { DoublePort, endsOf, FarPorts } from './ports.ts'
import { Requests } from './requests.ts'
import { settleRights } from './rights.ts'

const tag = 'steward-double'

interface ToMain {
  t: string
  id: number
  channel: string
  args: unknown[]
  message: string
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
  #session!: CdpSession
  #requests!: Requests
  readonly #options: ContentsOptions
  readonly #ports: FarPorts
  readonly #frames: Frames
  #loading: PromiseWithResolvers<void> | null = null
  #destroyed = false
  #openHandler: OpenHandler | null = null

  constructor(options: ContentsOptions) {
    super()
    this.#options = options
    this.#ports = new FarPorts({ send: (message) => this.#toPage(message) })
    this.#frames = new Frames(() => this.#ports.closeAll())
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
    this.#requests = new Requests(session, {
      isMainFrame: (id) => id === this.#frames.main,
      isDestroyed: () => this.#destroyed,
      ask: (event, navigation) => void this.emit(event, navigation),
    })
    this.#frames.follow(session)
    this.#listen(session)
    await Promise.all([
      session.send('Page.enable'),
      session.send('Runtime.enable'),
      session.send('Network.enable'),
      session.send('Inspector.enable'),
      session.send('Runtime.addBinding', { name: '__doubleSend', executionContextName: preloadWorld }),
      session.send('Runtime.addBinding', { name: '__doubleOpen' }),
      session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      settleRights(cdp.root, this as unknown as WebContents),
    ])
    await this.#frames.findMain(session)
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `(${String(mainWorld)})(${JSON.stringify(tag)}, ${String(makeCodec)})`,
    })
    if (this.#options.preload !== undefined)
      await session.send('Page.addScriptToEvaluateOnNewDocument', {
        source: this.#preloadScript(this.#options.preload),
        worldName: preloadWorld,
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
    session.on<{ name: string; payload: string; executionContextId: number }>('Runtime.bindingCalled', (called) => {
      if (called.name === '__doubleOpen') this.#windowOpen(fromBrowser(called.payload))
      if (called.name === '__doubleSend') this.#hear(called.executionContextId, codec.decode(called.payload) as ToMain)
    })
    session.on('Page.loadEventFired', () => {
      this.#loading?.resolve()
      this.#loading = null
      this.emit('did-finish-load')
    })
    session.on('Inspector.targetCrashed', () =>
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 }),
    )
  }

  #hear(contextId: number, message: ToMain): void {
    if (this.#ports.hear(message)) return
    if (message.t === 'preload-failed') {
      note({ kind: 'preload-failed', message: message.message })
      process.stderr.write(`Unable to load preload script: ${message.message}\n`)
    }
    if (message.t !== 'invoke') return
    const event = { sender: this as unknown as WebContents, senderFrame: this.#frames.senderOf(contextId) }
    void answerInvoke(event as Partial<IpcMainInvokeEvent> as IpcMainInvokeEvent, message.channel, message.args).then(
      (answer) => this.#run(contextId, { t: 'reply', id: message.id, ...answer }),
    )
  }

  #toPage(message: unknown): void {
    for (const id of this.#frames.mainContexts()) this.#run(id, message)
  }

  #run(contextId: number, message: unknown): void {
    if (this.#destroyed) return
    const expression = `__doubleReceive(${JSON.stringify(codec.encode(message))})`
    this.#session.tell('Runtime.evaluate', { expression, contextId })
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
    return this.#frames.frameMain(this.#frames.main)
  }

  async loadURL(url: string): Promise<void> {
    await this.ready
    this.#requests.expectOwn()
    const loading = (this.#loading = Promise.withResolvers<void>())
    const { errorText = '' } = (await this.#session.send('Page.navigate', { url: toBrowser(url) })) as {
      errorText?: string
    }
    if (errorText !== '') loading.reject(new Error(`${errorText} loading '${url}'`))
    await loading.promise
  }

  reload(): void {
    this.#requests.expectOwn()
    this.#session.tell('Page.reload')
  }

  getURL(): string {
    return this.#frames.url
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
