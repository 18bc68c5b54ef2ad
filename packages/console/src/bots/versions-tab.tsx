import { useNavigate, useSearch } from '@tanstack/react-router'
import { GitCompare, Package, Search } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import { textOf } from '../search.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState, FilteredEmptyState } from '../ui/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { Input } from '../ui/input.tsx'
import { withCondition } from '../ui/list/conditions.ts'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { Surface } from '../ui/surface.tsx'
import { count } from '../ui/time-text.ts'
import { useBot } from './bot.ts'
import { useBotRights } from './bot-rights.ts'
import { useDialogAddress } from './dialog-address.ts'
import { VersionCompare } from './version-compare.tsx'
import { VersionDetails } from './version-details.tsx'
import { VersionRows } from './version-rows.tsx'
import { useVersions } from './versions.ts'

/** Rows that are in the page at once; more on request. */
const step = 100

export function VersionsTab() {
  const search: Record<string, unknown> = useSearch({ strict: false })
  return textOf(search, 'compare') ? <VersionCompare /> : <VersionList />
}

function VersionList() {
  const { versions, currentId, waiting, error, retry, deployments } = useVersions()
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const [shown, setShown] = useState(step)
  const typed = textOf(search, 'q') ?? ''
  const wanted = useDeferredValue(typed.toLowerCase())
  const inspected = textOf(search, 'inspect')
  const set = (name: string, value: string | undefined): void =>
    void navigate({ to: '.', search: withCondition(search, name, value) as never, replace: true })

  if (error) return <ErrorState error={error} retry={retry} />
  if (waiting) return <SkeletonLines lines={6} />
  if (versions.length === 0) return <NoVersions />
  const found = versions.filter(
    ({ id, name, description }) =>
      wanted === '' || `${name} ${description ?? ''}`.toLowerCase().includes(wanted) || id.toLowerCase() === wanted,
  )
  return (
    <div className="flex items-start gap-4">
      <Surface
        className="min-w-0 flex-1"
        title={
          <span className="flex items-center gap-2">
            Versions <span className="font-normal text-n10">{count(found.length, ['version', 'versions'])}</span>
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
            {versions.length > 1 && (
              <Button size="small" onClick={() => set('compare', 'on')}>
                <GitCompare aria-hidden />
                Compare
              </Button>
            )}
          </span>
        }
      >
        {found.length === 0 ? (
          <FilteredEmptyState what="versions" clear={() => set('q', undefined)} />
        ) : (
          <VersionRows
            versions={found.slice(0, shown)}
            all={versions}
            currentId={currentId ?? null}
            deployments={deployments}
            inspected={inspected}
            onInspect={(id) => set('inspect', id === inspected ? undefined : id)}
          />
        )}
        {found.length > shown && (
          <div className="border-t border-n5 px-4 py-2">
            <Button size="small" look="ghost" onClick={() => setShown(shown + step)}>
              Show {Math.min(step, found.length - shown)} more of {found.length - shown}
            </Button>
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
  const dialog = useDialogAddress()
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
      A version keeps the bot as it was at one moment, definition and code. Versions can be compared, deployed and gone
      back to.
    </EmptyState>
  )
}
