import { type AnyRouter, useRouter, useSearch } from '@tanstack/react-router'

export interface Address {
  search: Record<string, unknown>
  /** @param replace whether "back" leads past where one is now. */
  go: (search: Record<string, unknown>, replace?: boolean) => void
}

/**
 * The search of whatever page is in front of one, for what stands on many: lists and dialogs. Pages read their own by its
 * schema: `getRouteApi('/…').useSearch()`.
 */
export function useAddress(): Address {
  const router: AnyRouter = useRouter()
  const search: Record<string, unknown> = useSearch({ strict: false })
  return { search, go: (next, replace = true) => void router.navigate({ to: '.', search: next, replace }) }
}
