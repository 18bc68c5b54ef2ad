import { createContext, use } from 'react'

/** Inside of a dialog everything outside of it is hidden from assistive technology. */
export const InDialog = createContext(false)

/** Where menus and popovers float: within the page's main landmark, except over a dialog. Ask when one opens. */
export function useFloatPlace(): () => HTMLElement | null {
  const inDialog = use(InDialog)
  return () => (inDialog ? null : document.getElementById('main'))
}
