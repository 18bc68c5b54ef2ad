import type { LinkProps } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ApiRequest } from '../copy-as/request.ts'
import type { Filters } from './conditions.ts'
import type { Paged } from '../../session/paged.ts'

export interface Column<Row> {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** A track of a CSS grid, in rem: `minmax(14rem,2fr)`, `8rem`. */
  width: string
  /** The field that the server sorts by; without one the column cannot be sorted. */
  sort?: string | undefined
  /** Whether the first press on the header sorts upwards: for names. */
  ascendingFirst?: true
  align?: 'end' | undefined
  /** Left out where there is no room for it, such as beside the inspector. */
  wide?: true
  /** Shown only when somebody chooses it. */
  hidden?: true
}

export interface RowAction {
  label: string
  icon?: LucideIcon
  run: () => void
  danger?: boolean | undefined
  /** Why it cannot be done; shows it disabled. */
  reason?: string | undefined
  keys?: string | undefined
}

/** What a page gives to ListPage. Keep `columns`, `filters`, `rowId` and `rowName` outside of the component. */
export interface ListPageProps<Row> {
  /** Names the list where a person's columns and views are kept: `bots`. */
  id: string
  title: string
  /** One and many: `['bot', 'bots']`. */
  noun: readonly [string, string]
  about?: ReactNode | undefined
  /** Above the filter bar, such as LinkTabs. */
  tabs?: ReactNode | undefined
  /** Made with `paged(…)`. */
  pages: Paged<Row>
  /** The same for another address. With it a search is on its way before the page has turned to it. */
  pagesFor?: (search: Record<string, unknown>) => Paged<Row>
  columns: readonly Column<Row>[]
  rowId: (row: Row) => string
  /** What the row is called, for the inspector and for those who hear the page. */
  rowName: (row: Row) => string
  filters?: Filters
  /** How the server orders them when the address says nothing: `createdAt.desc`. */
  sorted?: string | undefined
  /** For lists that the server cannot filter: which of the loaded rows to show. Memoize it. */
  keep?: (row: Row) => boolean
  /** How many there are without filters, where that is known exactly. */
  total?: number
  /** The row's own page. */
  href?: (row: Row) => LinkProps
  /** At the right, by the id in the address; the row is undefined while it is not loaded. */
  inspector?: (id: string, row: Row | undefined) => ReactNode
  actions?: (row: Row) => RowAction[]
  /** Makes rows selectable. `done` clears the selection. */
  bulk?: (rows: Row[], done: () => void) => RowAction[]
  /** Answers `e`. */
  edit?: (row: Row) => void
  /** Answers `c`: the same as the primary button. */
  create?: () => void | undefined
  /** The primary button, last. */
  primary?: ReactNode | undefined
  /** For "copy as". */
  request?: ApiRequest | undefined
  /** An EmptyState. */
  empty: ReactNode
}
