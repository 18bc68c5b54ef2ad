/*
 * Parts of the console are loaded when they are needed. After an upgrade of the server a page that was open before asks
 * for parts that are no longer there; loading the page again brings the new ones, and drafts bring back what was typed.
 */
let reloading = false

/** Loads the page again, without the browser's question whether to leave: drafts are kept. */
export function reloadPage(): void {
  reloading = true
  window.location.reload()
}

export const isReloading = (): boolean => reloading

/** Whether a part of the console could not be loaded; each browser says it in its own words. */
export function isMissingPart(error: unknown): boolean {
  return (
    error instanceof TypeError && /dynamically imported module|importing a module script failed/i.test(error.message)
  )
}
