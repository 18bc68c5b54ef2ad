import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Scale, Search } from 'lucide-react'
import { useMemo, useRef } from 'react'
import { useCommands } from '../../commands/command-center.tsx'
import { withCondition } from '../../base/search.ts'
import { Button } from '../../ui/button.tsx'
import { CopyAs } from '../../page/copy-as/copy-as.tsx'
import { FilteredEmptyState } from '../../page/empty-state.tsx'
import { Input } from '../../ui/input.tsx'
import { useTitle } from '../../ui/page.tsx'
import { number } from '../../ui/time-text.ts'
import { permissionsOptions, useWorkspace } from '../../session/use-workspace.ts'
import { ExplainPanel, type ExplainQuery } from './explain-panel.tsx'
import { MemberTabs } from './member-tabs.tsx'
import { PermissionMatrix } from './permission-matrix.tsx'
import { groupRules, ruleMatches } from './permission-labels.ts'

const route = getRouteApi('/_app/w/$workspaceId/members/roles')

/** What every role may, and the answer to "why not I?". */
export function RolesPage() {
  useTitle('Roles and permissions')
  const { role } = useWorkspace()
  const { data: table } = useSuspenseQuery(permissionsOptions())
  const { q = '', explain: asked, person, bot } = route.useSearch()
  const navigate = useNavigate({ from: '/w/$workspaceId/members/roles' })
  const groups = useMemo(() => groupRules(table.permissions.filter((rule) => ruleMatches(rule, q))), [table, q])
  const shown = groups.reduce((sum, { rules }) => sum + rules.length, 0)
  const question: ExplainQuery | null =
    asked !== undefined && table.permissions.some(({ permission }) => permission === asked)
      ? { permission: asked, person: person ?? null, bot: bot ?? null }
      : null
  const look = (text: string): void => void navigate({ search: (now) => withCondition(now, 'q', text), replace: true })
  const ask = (next: ExplainQuery | null): void =>
    void navigate({ search: { ...(q && { q }), ...(next && searchOf(next)) }, replace: true })
  const close = (): void => ask(null)
  const input = useRef<HTMLInputElement>(null)
  useCommands({ 'list.search': () => input.current?.focus(), ...(question && { 'list.escape': close }) })

  return (
    <div className="flex h-full min-h-0">
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="shrink-0 px-6 pt-5">
          <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
            <div>
              <h1 className="flex min-h-control items-center gap-2 text-xl font-semibold">Members</h1>
              <p className="text-n11">
                What each role can do, as enforced by the server. Choose a row to see who has the permission and why.
              </p>
            </div>
            <div className="flex items-center gap-2">
              <CopyAs request={{ path: 'member.permissions', input: {} }} />
              {!question && (
                <Button
                  onClick={() =>
                    ask({ permission: groups[0]?.rules[0]?.permission ?? 'workspace.get', person: null, bot: null })
                  }
                >
                  <Scale aria-hidden />
                  Explain a permission
                </Button>
              )}
            </div>
          </div>
          <div className="mt-2">
            <MemberTabs />
          </div>
        </header>
        <div className="flex shrink-0 items-center gap-3 px-6 py-3">
          <span className="relative">
            <Search
              className="pointer-events-none absolute top-1/2 left-2 size-3.5 -translate-y-1/2 text-n10"
              aria-hidden
            />
            <Input
              ref={input}
              type="search"
              className="h-7 w-64 pl-7 text-sm"
              placeholder="Find a permission"
              aria-label="Find a permission"
              value={q}
              onChange={(event) => look(event.target.value)}
              onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
            />
          </span>
          <span className="text-sm whitespace-nowrap text-n10" aria-live="polite">
            {q === '' ? `${number(shown)} permissions` : `${number(shown)} of ${number(table.permissions.length)}`}
          </span>
        </div>
        {shown === 0 ? (
          <FilteredEmptyState what="permissions" clear={() => look('')} />
        ) : (
          <div
            className="pane @container min-h-0 flex-1 border-t border-n5"
            tabIndex={0}
            role="region"
            aria-label="Permissions by role"
          >
            <PermissionMatrix
              groups={groups}
              own={role}
              chosen={question?.permission ?? null}
              onChoose={(permission) =>
                ask({ permission, person: question?.person ?? null, bot: question?.bot ?? null })
              }
            />
          </div>
        )}
      </div>
      {question && <ExplainPanel question={question} permissions={table.permissions} onAsk={ask} onClose={close} />}
    </div>
  )
}

function searchOf({ permission, person, bot }: ExplainQuery) {
  return { explain: permission, ...(person !== null && { person }), ...(bot !== null && { bot }) }
}
