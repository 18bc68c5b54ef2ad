import { useNavigate, useSearch } from '@tanstack/react-router'
import { textOf } from '../base/search.ts'

/** A dialog that is open while the address says so (`?new=token`), so that commands and links can open it from anywhere. */
export function useAddressDialog(name: string, value: string): [open: boolean, setOpen: (open: boolean) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const setOpen = (open: boolean): void => {
    const { [name]: _, ...rest } = search
    void navigate({ to: '.', search: (open ? { ...rest, [name]: value } : rest) as never, replace: true })
  }
  return [textOf(search, name) === value, setOpen]
}
