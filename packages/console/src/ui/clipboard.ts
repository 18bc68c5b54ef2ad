/**
 * Puts text on the clipboard. Browsers have `navigator.clipboard` in secure contexts only; on plain http the older
 * command does it, which wants something selected and takes our text in its place.
 * @returns whether the text is on the clipboard.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    // oxlint-disable-next-line typescript/no-unnecessary-condition -- absent outside of secure contexts.
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text)
      return true
    }
  } catch {
    // Refused by a policy or a person: the command may still be allowed.
  }
  return copyByCommand(text)
}

function copyByCommand(text: string): boolean {
  const selection = document.getSelection()
  const before = selection && selection.rangeCount > 0 ? selection.getRangeAt(0) : null
  const stand = document.createElement('span')
  stand.className = 'sr-only whitespace-pre select-text'
  stand.textContent = text
  document.body.append(stand)
  let taken = false
  const take = (event: ClipboardEvent): void => {
    event.stopImmediatePropagation()
    event.preventDefault()
    event.clipboardData?.setData('text/plain', text)
    taken = event.clipboardData !== null
  }
  document.addEventListener('copy', take, { capture: true })
  try {
    selection?.selectAllChildren(stand)
    return document.execCommand('copy') && taken
  } catch {
    return false
  } finally {
    document.removeEventListener('copy', take, { capture: true })
    stand.remove()
    selection?.removeAllRanges()
    if (before) selection?.addRange(before)
  }
}

/** Selects what an element shows, so that a person can copy it by hand. */
export function selectContents(element: HTMLElement): void {
  if (element instanceof HTMLInputElement) element.select()
  else document.getSelection()?.selectAllChildren(element)
}
