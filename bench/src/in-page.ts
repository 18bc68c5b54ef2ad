/** What the measuring page is given before its own scripts run. */
declare global {
  interface Window {
    bench: {
      /** Resolves with the wall clock's time of the frame in which home first stood there with its heading and its bots. */
      homeShown: Promise<number>
      /** Makes ready for one key press; `rowsFor` then tells how long the list took to follow it. */
      expectKey(wanted: string): void
      /** Milliseconds from the key press to the frame in which all rows hold the wanted text. */
      rowsFollowed(): Promise<number>
    }
  }
}

/** To be sent into a page whole: it may name nothing outside of itself. */
export function watchPage(): void {
  const names = (): string[] => [...document.querySelectorAll('main a[href*="/bots/bot_"]')].map((a) => a.textContent)

  /** Runs after the frame that shows what the page is now has been made. */
  const afterFrame = (then: () => void): void =>
    void requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.addEventListener('message', then)
      port1.start()
      port2.postMessage(null)
    })

  /** Resolves after the first frame in which something is so. */
  const shown = (isSo: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return
        observer.disconnect()
        afterFrame(resolve)
      }
      const observer = new MutationObserver(look)
      observer.observe(document, { childList: true, subtree: true, characterData: true, attributes: true })
      look()
    })

  const isHome = (): boolean =>
    location.pathname.endsWith('/home') &&
    (document.querySelector('main h1')?.textContent ?? '') !== '' &&
    names().length > 0

  let followed: Promise<number> | undefined
  window.bench = {
    homeShown: shown(isHome).then(() => Date.now()),
    expectKey(wanted) {
      const before = names().join('\n')
      const follows = (): boolean => {
        const now = names()
        return now.length > 0 && now.join('\n') !== before && now.every((name) => name.includes(wanted))
      }
      const pressed = new Promise<number>((resolve, reject) => {
        const hear = (event: KeyboardEvent): void =>
          event.isTrusted ? resolve(event.timeStamp) : reject(new Error('The key press was not a real one.'))
        window.addEventListener('keydown', hear, { capture: true, once: true })
      })
      const patience = new Promise<never>((_, reject) => {
        setTimeout(
          () => reject(new Error(`The rows did not follow "${wanted}": ${names().slice(0, 3).join(', ')}`)),
          5000,
        )
      })
      const came = Promise.all([pressed, shown(follows)]).then(([at]) => performance.now() - at)
      followed = Promise.race([came, patience])
      followed.catch(() => {})
    },
    rowsFollowed: () => followed ?? Promise.reject(new Error('No key was expected.')),
  }
}
