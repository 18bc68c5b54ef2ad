/*
 * Runs in the console's page before the console does: gives it a `fetch` that travels over the window's port, and hands
 * it what the menu and links ask for. See packages/console/src/session/connection.ts for what the console expects.
 */
import type { Shell, ToPage } from '../shared/bridge.ts'
import { wordsOf } from '../shared/words.ts'
import { createPortLine } from '@steward/api/port'

declare global {
  interface Window {
    stewardShell: Shell
  }
}

const { stewardShell: shell } = window
const line = createPortLine()

const connect = (): void => void shell.connect().catch((cause: unknown) => line.fail(wordsOf(cause)))

const { kind, name, url } = shell.connection
const connection = Object.freeze({ kind, name, fetch: line.fetch, ...(url === null ? {} : { url }) })
Object.defineProperty(window, 'steward', { value: Object.freeze({ connection }), enumerable: true })

window.addEventListener('message', ({ source, data, ports }) => {
  if (source !== window || typeof (data as ToPage | null)?.steward !== 'string') return
  const message = data as ToPage
  const [port] = ports
  if (message.steward === 'port' && port) line.attach(port)
  if (message.steward === 'gone') {
    line.gone()
    connect()
  }
  if (message.steward === 'failed') line.fail(message.message)
  if (message.steward === 'go') go(message.path)
  if (message.steward === 'command') run(message.id, message.keys)
})

function go(path: string): void {
  history.pushState(null, '', path)
  window.dispatchEvent(new PopStateEvent('popstate', { state: null }))
}

/** The console may answer the event itself; else its first keys are pressed for it. */
function run(id: string, keys: string): void {
  const event = new CustomEvent('steward:command', { detail: { id }, cancelable: true })
  if (!window.dispatchEvent(event) || keys === '') return
  const mac = /mac/i.test(navigator.platform)
  for (const press of keys.split('|')[0]?.split(' ') ?? []) {
    const held = press.split('+')
    const mod = held.includes('mod')
    document.dispatchEvent(
      new KeyboardEvent('keydown', {
        key: held.at(-1) ?? '',
        ctrlKey: mod && !mac,
        metaKey: mod && mac,
        shiftKey: held.includes('shift'),
        altKey: held.includes('alt'),
        bubbles: true,
        cancelable: true,
      }),
    )
  }
}

connect()
