import { textOf, withCondition } from '../base/search.ts'
import { useAddress } from './address.ts'

export interface OpenDialog<Name extends string> {
  open: Name | null
  /** What it is about, such as a version's id. */
  about: string | undefined
  show: (dialog: Name, about?: string) => void
  close: () => void
}

/**
 * The dialog that a page shows, kept in the address (`?do=deploy&about=ver_1`): commands open it from anywhere, a link
 * can, and the browser's "back" closes it.
 */
export function useOpenDialog<Name extends string>(known: readonly Name[]): OpenDialog<Name> {
  const { search, go } = useAddress()
  const asked = textOf(search, 'do')
  const put = (dialog: Name | undefined, about?: string): void =>
    go(withCondition(withCondition(search, 'do', dialog), 'about', about), dialog === undefined)
  return {
    open: known.find((one) => one === asked) ?? null,
    about: textOf(search, 'about'),
    show: (dialog, about) => put(dialog, about),
    close: () => put(undefined),
  }
}
