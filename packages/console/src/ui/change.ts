/*
 * Mutations that show their result at once, take it back with a reason when refused, and can be undone:
 *
 *   const rename = useChange(trpc.workspace.update.mutationOptions(), {
 *     show: (input) => [edit(trpc.workspace.get.queryKey({ id }), (old) => ({ ...old, name: input.name ?? old.name }))],
 *     refresh: () => [trpc.workspace.pathFilter()],
 *     done: () => 'Workspace renamed',
 *     undo: (input) => () => client.workspace.update.mutate({ id, name: before }),
 *   })
 *   rename.mutate({ id, name })
 */
import {
  type InferDataFromTag,
  type QueryFilters,
  type QueryKey,
  type UseMutationOptions,
  type UseMutationResult,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { failureOf } from '../base/failure.ts'
import { toast } from './toast.ts'

/** A change to cached data that is shown before the server has answered. */
export interface Edit {
  key: QueryKey
  /** @param old is never undefined: what is not cached is not changed. */
  change: (old: unknown) => unknown
  /** Also everything whose key begins so. */
  all: boolean
}

/** Changes one cached answer; a key made by `trpc.….queryKey(input)` says what it is. */
export function edit<K extends QueryKey>(
  key: K,
  change: (old: InferDataFromTag<unknown, K>) => InferDataFromTag<unknown, K>,
): Edit {
  return { key, change: (old) => change(old as InferDataFromTag<unknown, K>), all: false }
}

/** Changes every cached answer whose key begins with this one, such as all pages of a list. */
export function editAll<T>(key: QueryKey, change: (old: T) => T): Edit {
  return { key, change: (old) => change(old as T), all: true }
}

export interface ChangeOptions<Input, Output> {
  /** What to show at once. */
  show?: (input: Input) => Edit[]
  /** What to read again afterwards. */
  refresh?: (input: Input) => QueryFilters[]
  /** What the toast says; nothing is said without one. */
  done?: (output: Output, input: Input) => string
  /** How to take it back; offered in the toast for twelve seconds. It sees what the page knew before the change. */
  undo?: (output: Output, input: Input) => () => Promise<unknown>
  /** Forms show their failures themselves. */
  quiet?: boolean | undefined
}

/** What a change remembers of the moment it began. */
interface Began<Input, Output> {
  restore: () => void
  /** Of that moment's rendering: a later one already knows the new values. */
  undo: ChangeOptions<Input, Output>['undo']
}

export function useChange<Input, Output, E>(
  options: UseMutationOptions<Output, E, Input>,
  { show, refresh, done, undo, quiet }: ChangeOptions<Input, Output>,
): UseMutationResult<Output, E, Input, Began<Input, Output>> {
  const queries = useQueryClient()
  const settle = async (input: Input): Promise<void> => {
    await Promise.all((refresh?.(input) ?? []).map((filter) => queries.invalidateQueries(filter)))
  }
  const takeBack = async (input: Input, back: () => Promise<unknown>): Promise<void> => {
    try {
      await back()
      toast({ title: 'Undone' })
    } catch (error) {
      const failure = failureOf(error)
      toast({
        title: 'Undo failed',
        detail: failure.message,
        tone: 'bad',
        failure,
        ...(failure.unreachable && { retry: () => void takeBack(input, back) }),
      })
    }
    await settle(input)
  }
  const { mutationFn, mutationKey } = options
  const mutation = useMutation<Output, E, Input, Began<Input, Output>>({
    ...(mutationFn && { mutationFn }),
    ...(mutationKey && { mutationKey }),
    onMutate: async (input) => {
      const edits = show?.(input) ?? []
      await Promise.all(edits.map(({ key, all }) => queries.cancelQueries({ queryKey: key, exact: !all })))
      const before = edits.flatMap(({ key, all }) => queries.getQueriesData({ queryKey: key, exact: !all }))
      for (const { key, change, all } of edits)
        queries.setQueriesData({ queryKey: key, exact: !all }, (old: unknown) =>
          old === undefined ? old : change(old),
        )
      const restore = (): void => {
        for (const [key, data] of before) queries.setQueryData(key, data)
      }
      return { restore, undo }
    },
    onSuccess: (output, input, began) => {
      const title = done?.(output, input)
      if (title === undefined) return
      const back = began.undo?.(output, input)
      toast({ title, ...(back && { undo: () => void takeBack(input, back) }) })
    },
    onError: (error, input, began) => {
      began?.restore()
      if (quiet) return
      const failure = failureOf(error)
      toast({
        title: failure.message,
        tone: 'bad',
        failure,
        // Where no answer came, nobody knows.
        ...(!failure.unreachable && { detail: 'Nothing was changed.' }),
        // Asking again helps when the way was broken, not when the answer was no.
        ...((failure.unreachable || failure.type === 'Internal') && { retry: () => mutation.mutate(input) }),
      })
    },
    onSettled: (_output, _error, input) => settle(input),
  })
  return mutation
}
