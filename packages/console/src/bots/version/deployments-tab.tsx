import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { History } from 'lucide-react'
import { client, trpc } from '../../session/trpc.ts'
import { type Tone, State } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../page/empty-state.tsx'
import { ErrorNote, ErrorState } from '../../ui/error-state.tsx'
import { failureOf } from '../../base/failure.ts'
import { paged } from '../../session/paged.ts'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Surface } from '../../ui/surface.tsx'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { number } from '../../ui/time-text.ts'
import { Time } from '../../ui/time.tsx'
import { type Deployment, useBot } from '../bot/bot.ts'
import { readableName } from '../bot/bot-labels.ts'
import { useBotRights } from '../bot/bot-rights.ts'
import { useBotDialog } from '../bot/bot-dialog.ts'
import { usePersonName } from '../../session/members.ts'
import { kindLabels, useCurrentVersion } from './versions.ts'

const tones: Record<Deployment['kind'], Tone> = { deploy: 'good', rollback: 'warn', publish: 'info', update: 'neutral' }

/** Which version was current when, newest first. */
export function DeploymentsTab() {
  const { at } = useBot()
  const { deploy } = useBotRights()
  const dialog = useBotDialog()
  const { current } = useCurrentVersion()
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    paged({
      key: trpc.version.listDeployments.queryKey(at),
      load: (page, signal) => client.version.listDeployments.query({ ...at, ...page }, { signal }),
      rows: (answer) => answer.deployments,
    }),
  )
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (isPending) return <SkeletonLines lines={6} />
  if (!data || data.length === 0)
    return (
      <EmptyState
        icon={History}
        title="Nothing has been deployed yet"
        {...(deploy && {
          action: (
            <Button look="primary" onClick={() => dialog.show('deploy')}>
              Deploy a version
            </Button>
          ),
        })}
      >
        Every deployment, rollback, publication and code update is listed here, with who did it and which version was
        current before.
      </EmptyState>
    )
  return (
    <Surface
      flush
      title="Deployments"
      count={number(data.length) + (hasNextPage ? '+' : '')}
      {...(deploy &&
        current?.rollbackTo && {
          action: (
            <Button size="small" onClick={() => dialog.show('rollback')}>
              Roll back…
            </Button>
          ),
        })}
    >
      <DeploymentRows deployments={data} />
      {hasNextPage && (
        <div className="flex items-center gap-3 border-t border-n5 px-4 py-2">
          <Button size="small" look="ghost" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show earlier deployments
          </Button>
          {error && <ErrorNote failure={failureOf(error)} />}
        </div>
      )}
    </Surface>
  )
}

function DeploymentRows({ deployments }: { deployments: readonly Deployment[] }) {
  const { at } = useBot()
  const personName = usePersonName(at.workspaceId)
  const params = { workspaceId: at.workspaceId, botId: at.id }
  return (
    <Table>
      <thead className="bg-n2">
        <tr>
          <Th>Version</Th>
          <Th>How</Th>
          <Th>By</Th>
          <Th>Note</Th>
          <Th>When</Th>
          <Th>
            <span className="sr-only">Difference</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {deployments.map(({ id, versionId, versionName, kind, deployedBy, note, at: when }, index) => {
          const from = replacedBy(deployments, index)
          return (
            <Tr key={id} className="hover:bg-n2">
              <Td className="max-w-64 truncate font-medium">
                <Link
                  to="/w/$workspaceId/bots/$botId/versions"
                  params={params}
                  search={{ inspect: versionId }}
                  className="hover:underline hover:underline-offset-3"
                >
                  {readableName(versionName)}
                </Link>
              </Td>
              <Td className="w-44 whitespace-nowrap">
                <span className="flex gap-1">
                  <State tone={tones[kind]}>{kindLabels[kind]}</State>
                  {index === 0 && <State tone="good">Current</State>}
                </span>
              </Td>
              <Td className="max-w-44 truncate text-n11">{personName(deployedBy)}</Td>
              <Td className="w-1/3 max-w-0 truncate text-n11" title={note}>
                {note}
              </Td>
              <Td className="w-28 whitespace-nowrap text-n11">
                <Time at={when} />
              </Td>
              <Td className="w-24 text-right whitespace-nowrap">
                {from && (
                  <Link
                    to="/w/$workspaceId/bots/$botId/versions"
                    params={params}
                    search={{ compare: 'on', from, to: versionId }}
                    className="text-accent-text hover:underline hover:underline-offset-3"
                  >
                    Difference
                  </Link>
                )}
              </Td>
            </Tr>
          )
        })}
      </tbody>
    </Table>
  )
}

/** Which version was current before a deployment, where that was another version. */
function replacedBy(deployments: readonly Deployment[], index: number): string | null {
  const own = deployments[index]
  const before = [own?.previousVersionId, deployments[index + 1]?.versionId]
  return before.find((id) => id && id !== own?.versionId) ?? null
}
