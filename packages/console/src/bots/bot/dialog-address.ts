import { useNavigate, useSearch } from '@tanstack/react-router'
import { textOf, withCondition } from '../../base/search.ts'

/*
 * Dialogs stand in the address as `?do=deploy`: a command can open one on another page, a link can lead to it, and
 * "back" closes it.
 */

export type BotDialog =
  | 'create'
  | 'deploy'
  | 'rollback'
  | 'save-version'
  | 'rename'
  | 'delete'
  | 'transfer'
  | 'rotate'
  | 'create-key'
  | 'set-secret'

export interface DialogAddress {
  open: BotDialog | null
  /** What it is about, such as a version's id. */
  about: string | undefined
  show: (dialog: BotDialog, about?: string) => void
  close: () => void
}

export function useDialogAddress(): DialogAddress {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const go = (dialog: BotDialog | undefined, about: string | undefined): void => {
    const next = withCondition(withCondition(search, 'do', dialog), 'about', about)
    void navigate({ to: '.', search: next as never, replace: true })
  }
  return {
    open: (textOf(search, 'do') ?? null) as BotDialog | null,
    about: textOf(search, 'about'),
    show: (dialog, about) => go(dialog, about),
    close: () => go(undefined, undefined),
  }
}
