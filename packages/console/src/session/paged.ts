import {
  type InfiniteData,
  type UseInfiniteQueryOptions,
  infiniteQueryOptions,
  keepPreviousData,
  replaceEqualDeep,
} from '@tanstack/react-query'

export interface PageRequest {
  nextToken?: string | undefined
  pageSize: number
}

export interface PagedOptions<Answer extends { meta: { nextToken?: string | undefined } }, Row> {
  /** `trpc.bot.list.queryKey(input)`: says what is asked, and so what "copy as" prints. */
  key: readonly unknown[]
  /** `(page, signal) => client.bot.list.query({ ...input, ...page }, { signal })`. */
  load: (page: PageRequest, signal: AbortSignal) => Promise<Answer>
  rows: (answer: Answer) => Row[]
  pageSize?: number
}

export type Paged<Row> = UseInfiniteQueryOptions<PageOfRows<Row>, Error, Row[], readonly unknown[], string | null> & {
  queryKey: readonly unknown[]
}

interface PageOfRows<Row> {
  rows: Row[]
  nextToken: string | null
}

const pagesMark = 'pages'

/** Whether the key is that of a list made by `paged`. */
export function isPaged(key: readonly unknown[]): boolean {
  return key.at(-1) === pagesMark
}

/**
 * A list that loads further pages by cursor. Its key begins like the procedure's own, so that
 * `invalidateQueries(trpc.bot.list.pathFilter())` reaches it.
 */
export function paged<Answer extends { meta: { nextToken?: string | undefined } }, Row>({
  key,
  load,
  rows,
  pageSize = 100,
}: PagedOptions<Answer, Row>): Paged<Row> {
  return infiniteQueryOptions({
    queryKey: [...key, pagesMark],
    queryFn: async ({ pageParam, signal }): Promise<PageOfRows<Row>> => {
      const answer = await load({ pageSize, ...(pageParam !== null && { nextToken: pageParam }) }, signal)
      return { rows: rows(answer), nextToken: answer.meta.nextToken ?? null }
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextToken,
    select: allRows,
    structuralSharing: sharedPages,
    placeholderData: keepPreviousData,
    // Each page is a question of its own: whoever has scrolled far is not made to wait for all of them by coming back.
    refetchOnWindowFocus: fewPages,
    refetchOnReconnect: fewPages,
  }) as unknown as Paged<Row>
}

/**
 * Rows that have not changed stay the same objects, page by page. The list of all rows is not compared as well: with
 * 100,000 of them that would take longer than drawing those in sight.
 */
export function sharedPages(before: unknown, now: unknown): unknown {
  if (!isPages(before) || !isPages(now)) return now
  const pages: unknown[] = now.pages.map((page, place) => replaceEqualDeep(before.pages[place], page))
  const same = pages.length === before.pages.length && pages.every((page, place) => page === before.pages[place])
  return same ? before : { ...now, pages }
}

function isPages(data: unknown): data is InfiniteData<unknown> {
  return typeof data === 'object' && data !== null && 'pages' in data
}

function fewPages({ state }: { state: { data: { pages: unknown[] } | undefined } }): boolean {
  return (state.data?.pages.length ?? 0) <= 10
}

function allRows<Row>(data: InfiniteData<PageOfRows<Row>>): Row[] {
  return data.pages.flatMap((page) => page.rows)
}

/** Changes the rows of a paged list, for `useChange`'s `show`: `editAll(trpc.bot.list.queryKey(), mapRows(…))`. */
export function mapRows<Row>(change: (rows: Row[]) => Row[]): (old: unknown) => unknown {
  return (old) => {
    const data = old as Partial<InfiniteData<PageOfRows<Row>>>
    if (!data.pages) return old
    return { ...data, pages: data.pages.map((page) => ({ ...page, rows: change(page.rows) })) }
  }
}
