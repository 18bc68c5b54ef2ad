import type { BrowserWindowConstructorOptions, Rectangle, WebContents } from 'electron'
import { EventEmitter } from 'node:events'
import { app, browser, openWindows, windowClosed } from './app.ts'
import { Contents } from './contents.ts'
import { strictPrototype } from './env.ts'
import { screen } from './small.ts'

let count = 0
let focused: DoubleWindow | null = null

/** `BrowserWindow`: a page, and a place on a screen that only remembers. Windows without the sandbox are refused. */
export class DoubleWindow extends EventEmitter {
  readonly id = ++count
  readonly contents: Contents
  #bounds: Rectangle
  #state: 'normal' | 'maximized' | 'minimized' = 'normal'
  #visible: boolean
  #destroyed = false

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super()
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready')
    const { webPreferences: wanted = {} } = options
    if (wanted.sandbox === false || wanted.contextIsolation === false || wanted.nodeIntegration === true)
      throw new Error('The double opens no window that is not sandboxed and isolated.')
    this.#bounds = {
      x: options.x ?? 100,
      y: options.y ?? 80,
      width: options.width ?? 800,
      height: options.height ?? 600,
    }
    this.#visible = options.show !== false
    this.contents = new Contents({
      preferences: wanted,
      preload: wanted.preload,
      argv: wanted.additionalArguments ?? [],
      inFrames: wanted.nodeIntegrationInSubFrames === true,
    })
    this.contents.on('did-finish-load', () => this.emit('ready-to-show'))
    this.contents.on('double-popup', () => new DoubleWindow({ show: true }))
    openWindows.add(this)
    if (focused === null) this.#take()
  }

  static getAllWindows(): DoubleWindow[] {
    return [...openWindows] as unknown as DoubleWindow[]
  }

  static getFocusedWindow(): DoubleWindow | null {
    return focused
  }

  static fromWebContents(contents: WebContents): DoubleWindow | null {
    return DoubleWindow.getAllWindows().find((window) => window.contents === (contents as unknown)) ?? null
  }

  get webContents(): Contents {
    return this.contents
  }

  loadURL(url: string): Promise<void> {
    return this.contents.loadURL(url)
  }

  show(): void {
    this.#visible = true
    this.focus()
  }

  focus(): void {
    this.#take()
    void this.contents.ready.then(() =>
      browser().cdp.root.tell('Target.activateTarget', { targetId: this.contents.targetId }),
    )
    this.emit('focus')
  }

  #take(): void {
    // oxlint-disable-next-line typescript/no-this-alias
    focused = this
  }

  isVisible(): boolean {
    return this.#visible
  }

  isFocused(): boolean {
    return focused === this
  }

  isMinimized(): boolean {
    return this.#state === 'minimized'
  }

  isMaximized(): boolean {
    return this.#state === 'maximized'
  }

  minimize(): void {
    this.#state = 'minimized'
    this.emit('minimize')
  }

  maximize(): void {
    this.#state = 'maximized'
    this.emit('maximize')
  }

  unmaximize(): void {
    this.#state = 'normal'
    this.emit('unmaximize')
  }

  restore(): void {
    this.#state = 'normal'
    this.emit('restore')
  }

  getBounds(): Rectangle {
    return { ...(this.#state === 'maximized' ? screen.getDisplayMatching(this.#bounds).workArea : this.#bounds) }
  }

  getNormalBounds(): Rectangle {
    return { ...this.#bounds }
  }

  setBounds(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds }
    this.emit('move')
    this.emit('resize')
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  close(): void {
    if (this.#destroyed) return
    const event = { defaultPrevented: false, preventDefault: () => void (event.defaultPrevented = true) }
    this.emit('close', event)
    if (!event.defaultPrevented) this.destroy()
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    openWindows.delete(this)
    if (focused === this) focused = DoubleWindow.getAllWindows().at(-1) ?? null
    void this.contents.destroy()
    this.emit('closed')
    windowClosed()
  }
}

strictPrototype('BrowserWindow', DoubleWindow)
