import { useNavigate, useSearch } from '@tanstack/react-router'
import { textOf, withCondition } from '../base/search.ts'

/**
 * The dialog that a page shows, kept in the address (`?do=invite`): commands open it from anywhere, a link can, and
 * the browser's back closes it.
 */
export function useDoing<T extends string>(known: readonly T[]): [doing: T | null, setDoing: (next: T | null) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const asked = textOf(search, 'do')
  const doing = known.find((one) => one === asked) ?? null
  const setDoing = (next: T | null): void =>
    void navigate({
      to: '.',
      search: ((now: Record<string, unknown>) => withCondition(now, 'do', next ?? undefined)) as never,
      replace: next === null,
    })
  return [doing, setDoing]
}
