import type { WebFrameMain } from 'electron'
import type { CdpSession } from './cdp.ts'
import { fromBrowser } from './pages.ts'

/** The world that preloads run in. */
export const preloadWorld = 'steward-preload'

interface Frame {
  parentId: string | null
  url: string
}

interface Navigated {
  frame: { id: string; parentId?: string; url: string; urlFragment?: string }
}

interface Created {
  context: { id: number; name: string; auxData: { frameId: string } }
}

/** The frames of one page, and the contexts that its preload runs in. */
export class Frames {
  main = ''
  /** Where the page is, as Electron would tell it. */
  url = ''
  readonly #frames = new Map<string, Frame>()
  /** The frame of each preload's context. */
  readonly #contexts = new Map<number, string>()
  readonly #mainGone: () => void

  /** @param mainGone told when the main frame's preload has ended: on a reload, for one. */
  constructor(mainGone: () => void) {
    this.#mainGone = mainGone
  }

  /** Begins before the page's domains are enabled, so that nothing is missed. */
  follow(session: CdpSession): void {
    session.on<Created>('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === preloadWorld) this.#contexts.set(context.id, context.auxData.frameId)
    })
    session.on<{ executionContextId: number }>('Runtime.executionContextDestroyed', ({ executionContextId }) =>
      this.#contextGone(executionContextId),
    )
    session.on('Runtime.executionContextsCleared', () => {
      for (const id of this.#contexts.keys()) this.#contextGone(id)
    })
    session.on<Navigated>('Page.frameNavigated', ({ frame }) => {
      const url = fromBrowser(frame.url + (frame.urlFragment ?? ''))
      this.#frames.set(frame.id, { parentId: frame.parentId ?? null, url })
      if (frame.id === this.main) this.url = url
    })
    session.on<{ frameId: string; parentFrameId: string }>('Page.frameAttached', ({ frameId, parentFrameId }) =>
      this.#frames.set(frameId, { parentId: parentFrameId, url: 'about:blank' }),
    )
    session.on<{ frameId: string; url: string }>('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId === this.main) this.url = fromBrowser(url)
    })
  }

  async findMain(session: CdpSession): Promise<void> {
    const { frameTree } = (await session.send('Page.getFrameTree')) as { frameTree: { frame: { id: string } } }
    this.main = frameTree.frame.id
    this.#frames.set(this.main, { parentId: null, url: 'about:blank' })
  }

  /** The contexts that messages to the page go to. */
  mainContexts(): number[] {
    return [...this.#contexts].filter(([, frameId]) => frameId === this.main).map(([id]) => id)
  }

  /** Who sent a message, as main sees it; null when the frame has gone. */
  senderOf(contextId: number): WebFrameMain | null {
    const frameId = this.#contexts.get(contextId)
    return frameId === undefined ? null : this.frameMain(frameId)
  }

  frameMain(id: string): WebFrameMain | null {
    const frame = this.#frames.get(id)
    if (!frame) return null
    const parent = frame.parentId === null ? null : this.frameMain(frame.parentId)
    const url = frame.parentId === null ? this.url : frame.url
    return { url, parent } as Partial<WebFrameMain> as WebFrameMain
  }

  #contextGone(id: number): void {
    const frameId = this.#contexts.get(id)
    this.#contexts.delete(id)
    if (frameId === this.main) this.#mainGone()
  }
}
