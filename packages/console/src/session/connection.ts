/*
 * How this page reaches Steward. In a browser it is the server the page came from, with its session cookie. On the
 * desktop the shell's `window.steward` gives a `fetch` that travels over a message port.
 * Everything that talks to Steward takes `connection.fetch`; nothing else may call the global one.
 */

import { heedServer } from '../base/clock.ts'

export interface Connection {
  fetch: typeof fetch
  /** `web`: the page's own server; `local`: this computer, without sign-in; `remote`: a server, through the desktop. */
  kind: 'web' | 'local' | 'remote'
  /** What people call it: the host's name, or "This computer". */
  name: string
  /** Where programs reach the same data over HTTP; absent where nothing listens. */
  url?: string
}

declare global {
  interface Window {
    /** Put there by the desktop's preload, before the page's scripts run. */
    steward?: { connection: Connection }
  }
}

/** Every answer tells the server's time on its way. */
function heeding({ fetch, ...rest }: Connection): Connection {
  return {
    ...rest,
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      heedServer(response.headers.get('date'))
      return response
    },
  }
}

/** Also read where no page is: the desktop's build and tests take the commands from the features. */
const page: Partial<Pick<Window, 'location' | 'steward'>> = globalThis

const web = (): Connection => ({
  fetch: (input, init) => globalThis.fetch(input, init),
  kind: 'web',
  name: page.location?.host ?? '',
  url: page.location?.origin ?? '',
})

export const connection: Connection = heeding(page.steward?.connection ?? web())
