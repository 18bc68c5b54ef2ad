import { count, number } from '../../ui/time-text.ts'
import { CopyAs } from '../copy-as/copy-as.tsx'
import type { ListPageProps } from './list.types.ts'

interface Props<Row> extends ListPageProps<Row> {
  /** The exact count; null while only a lower bound is known; undefined while nothing is. */
  exact: number | null | undefined
  loaded: number
  showActions: boolean
}

/** Title with count, and the actions of the whole list. */
export function ListHeader<Row>({
  title,
  noun,
  about,
  tabs,
  request,
  primary,
  exact,
  loaded,
  showActions,
}: Props<Row>) {
  return (
    <header className="shrink-0 px-6 pt-5">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div>
          <h1 className="flex min-h-control items-center gap-2 text-xl font-semibold">
            {title}
            <span className="text-base font-normal text-n10" aria-live="polite">
              {exact === undefined ? (
                ''
              ) : exact === null ? (
                `${number(loaded)}+`
              ) : (
                <span aria-label={count(exact, noun)}>{number(exact)}</span>
              )}
            </span>
          </h1>
          {about && <p className="text-n11">{about}</p>}
        </div>
        <div className="flex items-center gap-2">
          {request && <CopyAs request={request} />}
          {showActions && primary}
        </div>
      </div>
      {tabs && <div className="mt-2">{tabs}</div>}
    </header>
  )
}
