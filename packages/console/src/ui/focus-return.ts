import { useLayoutEffect, useRef } from 'react'

const floating = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox]'

/** What had the focus last outside of everything that floats: a menu that led to a dialog is gone when it closes. */
let outside: HTMLElement | null = null
if (typeof document !== 'undefined')
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && !target.closest(floating)) outside = target
  })

/**
 * For what floats without a trigger of its own: on closing, the focus goes back to where it was when this opened, or to
 * the page's content where that is gone. Give the answer to `onCloseAutoFocus`.
 */
export function useFocusReturn(open = true): (event: Event) => void {
  const before = useRef<(Element | null)[]>([])
  useLayoutEffect(() => {
    // The first may be part of a dialog or a menu that this one takes the place of.
    if (open) before.current = document.activeElement === document.body ? [] : [document.activeElement, outside]
  }, [open])
  return (event) => {
    event.preventDefault()
    // Something else took it on purpose: the next dialog, or what was clicked.
    if (document.activeElement !== null && document.activeElement !== document.body) return
    const target = before.current.find((element) => element?.isConnected) ?? document.getElementById('main')
    if (target instanceof HTMLElement) target.focus({ preventScroll: true })
  }
}
