import { useNavigate, getRouteApi } from '@tanstack/react-router'
import { GitCompare, Package, Search } from 'lucide-react'
import { useDeferredValue } from 'react'
import { failureOf } from '../../base/failure.ts'
import { withCondition } from '../../base/search.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState, FilteredEmptyState } from '../../page/empty-state.tsx'
import { ErrorNote, ErrorState } from '../../ui/error-state.tsx'
import { Input } from '../../ui/input.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Surface } from '../../ui/surface.tsx'
import { number } from '../../ui/time-text.ts'
import { useBot } from '../bot/bot.ts'
import { useBotRights } from '../bot/bot-rights.ts'
import { useBotDialog } from '../bot/bot-dialog.ts'
import { VersionCompare } from './version-compare.tsx'
import { VersionDetails } from './version-details.tsx'
import { VersionRows } from './version-rows.tsx'
import { useCurrentVersion, useVersionHistory } from './versions.ts'

const route = getRouteApi('/_app/w/$workspaceId/bots/$botId/versions')

export function VersionsTab() {
  const { compare } = route.useSearch()
  return compare ? <VersionCompare /> : <VersionList />
}

function VersionList() {
  const { q: typed = '', inspect: inspected } = route.useSearch()
  const navigate = useNavigate({ from: '/w/$workspaceId/bots/$botId/versions' })
  const wanted = useDeferredValue(typed.trim().slice(0, 200))
  const { current } = useCurrentVersion()
  const history = useVersionHistory(wanted)
  const { data, error, isPending, isPlaceholderData, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = history
  const set = (name: 'q' | 'inspect', value: string | undefined): void =>
    void navigate({ search: (now) => withCondition(now, name, value), replace: true })
  const compare = (): void => void navigate({ search: (now) => ({ ...now, compare: 'on' }), replace: true })

  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (isPending || !data) return <SkeletonLines lines={6} />
  if (data.length === 0 && wanted === '' && !isPlaceholderData) return <NoVersions />
  const more = hasNextPage ? '+' : ''
  return (
    <div className="flex items-start gap-4">
      <Surface
        className="min-w-0 flex-1"
        title={
          <span className="flex items-center gap-2">
            Versions <span className="font-normal text-n10">{number(data.length) + more}</span>
          </span>
        }
        flush
        action={
          <span className="flex items-center gap-2">
            <span className="relative">
              <Search
                className="pointer-events-none absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-n10"
                aria-hidden
              />
              <Input
                type="search"
                className="h-7 w-44 pl-7 text-sm"
                placeholder="Name or description"
                aria-label="Search versions by name or description"
                value={typed}
                onChange={(event) => set('q', event.target.value || undefined)}
              />
            </span>
            {(data.length > 1 || wanted !== '') && (
              <Button size="small" onClick={compare}>
                <GitCompare aria-hidden />
                Compare
              </Button>
            )}
          </span>
        }
      >
        {data.length === 0 ? (
          <FilteredEmptyState what="versions" clear={() => set('q', undefined)} />
        ) : (
          <VersionRows
            versions={data}
            currentId={current?.current?.id ?? null}
            edited={current?.edited === true}
            inspected={inspected}
            onInspect={(id) => set('inspect', id === inspected ? undefined : id)}
          />
        )}
        {hasNextPage && (
          <div className="flex items-center gap-3 border-t border-n5 px-4 py-2">
            <Button size="small" look="ghost" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              Show earlier versions
            </Button>
            {error && <ErrorNote failure={failureOf(error)} />}
          </div>
        )}
      </Surface>
      {inspected !== undefined && (
        <VersionDetails key={inspected} id={inspected} onClose={() => set('inspect', undefined)} />
      )}
    </div>
  )
}

function NoVersions() {
  const { at } = useBot()
  const { change } = useBotRights()
  const dialog = useBotDialog()
  return (
    <EmptyState
      icon={Package}
      title="No versions yet"
      {...(change && {
        action: (
          <Button look="primary" onClick={() => dialog.show('save-version')}>
            Save a version
          </Button>
        ),
        request: { path: 'version.create', input: { ...at, name: '1.0.0' } },
      })}
    >
      A version is a snapshot of the bot’s definition and code. You can compare versions, deploy them and roll back to
      them.
    </EmptyState>
  )
}
