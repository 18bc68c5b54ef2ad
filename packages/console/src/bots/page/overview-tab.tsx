import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { trpc } from '../../session/trpc.ts'
import { CopyId } from '../../ui/copy.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Fact, Facts, Surface } from '../../ui/surface.tsx'
import { number } from '../../ui/time-text.ts'
import { Time } from '../../ui/time.tsx'
import { Popover } from '../../ui/popover.tsx'
import { State } from '../../ui/badge.tsx'
import { useBot } from '../bot/bot.ts'
import { TagMark } from '../bot/bot-columns.tsx'
import { nameAlone, readableName } from '../bot/bot-labels.ts'
import { partsOf } from '../bot/parts.ts'
import { usePersonName } from '../../session/members.ts'
import { kindLabels, useCurrentVersion } from '../version/versions.ts'

export function OverviewTab() {
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
      <div className="flex flex-col gap-4">
        <About />
        <Declared />
      </div>
      <div className="flex flex-col gap-4">
        <CurrentVersion />
        <RecentActivity />
      </div>
    </div>
  )
}

/** More would push everything else off the screen. */
const shownTags = 12

function About() {
  const { bot, at } = useBot()
  const personName = usePersonName(at.workspaceId)
  const tags = Object.entries(bot.tags).toSorted(([a], [b]) => a.localeCompare(b))
  const [whole, setWhole] = useState(false)
  return (
    <Surface title="About">
      {bot.description && <p className="mb-4 max-w-prose break-words whitespace-pre-line">{bot.description}</p>}
      <Facts>
        <Fact name="Id">
          <CopyId id={bot.id} whole />
        </Fact>
        <Fact name="Created">
          <Time at={bot.createdAt} /> by {personName(bot.createdBy)}
        </Fact>
        <Fact name="Changed">
          <Time at={bot.updatedAt} />
        </Fact>
        <Fact name="Tags">
          <span className="flex flex-wrap gap-1">
            {(whole ? tags : tags.slice(0, shownTags)).map(([key, value]) => (
              <Link
                key={key}
                to="/w/$workspaceId/bots"
                params={{ workspaceId: at.workspaceId }}
                search={{ tag: `${key}=${value}`, ...(bot.dev && { dev: 'true' }) }}
                title="Bots with this tag"
              >
                <TagMark name={key} value={value} />
              </Link>
            ))}
            {tags.length === 0 && <span className="text-n10">None</span>}
            {tags.length > shownTags && (
              <Button look="link" size="inline" className="ml-1 text-sm" onClick={() => setWhole(!whole)}>
                {whole ? 'Show less' : `Show all ${number(tags.length)}`}
              </Button>
            )}
          </span>
        </Fact>
        <Fact name="Secrets">
          {bot.secrets.length === 0 ? (
            <span className="text-n10">None</span>
          ) : (
            <span className="font-mono text-xs">{bot.secrets.join(', ')}</span>
          )}
        </Fact>
        {bot.maxExecutionTime !== undefined && <Fact name="Longest run">{bot.maxExecutionTime} s</Fact>}
        {bot.alwaysAlive && <Fact name="Always alive">Yes</Fact>}
      </Facts>
    </Surface>
  )
}

/** How much of each it declares; every figure opens the names behind it. */
function Declared() {
  const { bot } = useBot()
  return (
    <Surface title="Definition" flush>
      <ul className="grid grid-cols-2 gap-px overflow-hidden rounded-b-lg border-t border-n5 bg-n5 sm:grid-cols-3">
        {partsOf(bot).map(({ id, title, names, size }) => (
          <li key={id} className="bg-raised">
            {size === 0 ? (
              <div className="px-4 py-3">
                <span className="block text-sm text-n11">{title}</span>
                <span className="block text-xl font-semibold text-n10">0</span>
              </div>
            ) : (
              <Popover
                label={title}
                className="max-w-80 p-3"
                trigger={
                  <button
                    type="button"
                    className="block w-full px-4 py-3 text-left hover:bg-n2 focus-visible:outline-offset-[-2px]"
                  >
                    <span className="block text-sm text-n11">{title}</span>
                    <span className="block text-xl font-semibold">{number(size)}</span>
                  </button>
                }
              >
                <ul className="font-mono text-xs leading-5">
                  {names.map((name) => (
                    <li key={name} className="truncate" title={name}>
                      {name}
                    </li>
                  ))}
                </ul>
              </Popover>
            )}
          </li>
        ))}
      </ul>
    </Surface>
  )
}

function CurrentVersion() {
  const { bot, at } = useBot()
  const { current: state, error, waiting, retry } = useCurrentVersion()
  const personName = usePersonName(at.workspaceId)
  const { current, deployment } = state ?? {}
  const ahead = bot.deployedAt !== undefined && bot.updatedAt > bot.deployedAt
  return (
    <Surface title="Current version">
      {error ? (
        <ErrorState error={error} retry={retry} className="py-6" />
      ) : waiting ? (
        <SkeletonLines lines={2} />
      ) : current && deployment ? (
        <Facts>
          <Fact name="Version">
            <Link
              to="/w/$workspaceId/bots/$botId/versions"
              params={{ workspaceId: at.workspaceId, botId: at.id }}
              search={{ inspect: current.id }}
              className="font-medium text-accent-text hover:underline hover:underline-offset-3"
            >
              {readableName(current.name)}
            </Link>
          </Fact>
          <Fact name="Since">
            <Time at={deployment.at} /> by {personName(deployment.deployedBy)}
          </Fact>
          {ahead && (
            <Fact name="Since then">
              <State tone="warn">Updated</State> <Time at={bot.updatedAt} className="text-n11" />
            </Fact>
          )}
        </Facts>
      ) : (
        <p className="text-n11">
          Nothing has been deployed yet. Save a version and deploy it, or update the bot’s code.
        </p>
      )}
    </Surface>
  )
}

const shown = 6

function RecentActivity() {
  const { at } = useBot()
  const { data, error, isPending, refetch } = useQuery(
    trpc.version.listDeployments.queryOptions({ ...at, pageSize: shown }),
  )
  const deployments = data?.deployments ?? []
  const personName = usePersonName(at.workspaceId)
  return (
    <Surface
      title="Deployments"
      flush
      action={
        <Button asChild look="link" size="inline">
          <Link to="/w/$workspaceId/bots/$botId/deployments" params={{ workspaceId: at.workspaceId, botId: at.id }}>
            All deployments
          </Link>
        </Button>
      }
    >
      {error ? (
        <ErrorState error={error} retry={() => void refetch()} className="py-6" />
      ) : isPending ? (
        <div className="px-4 pb-4">
          <SkeletonLines lines={4} />
        </div>
      ) : deployments.length === 0 ? (
        <p className="px-4 pb-4 text-n11">None yet.</p>
      ) : (
        <ul className="border-t border-n5 py-1">
          {deployments.map(({ id, kind, versionName, deployedBy, at: when, note }) => (
            <li key={id} className="flex min-h-9 items-center gap-3 px-4 py-1">
              <div className="min-w-0 flex-1">
                <p className="truncate">
                  {kindLabels[kind]}{' '}
                  {kind !== 'update' && <span className="font-medium">{nameAlone(readableName(versionName))} </span>}
                  <span className="text-n11">by {personName(deployedBy)}</span>
                </p>
                {note && <p className="truncate text-sm text-n10">{note}</p>}
              </div>
              <Time at={when} className="shrink-0 text-sm text-n10" />
            </li>
          ))}
        </ul>
      )}
    </Surface>
  )
}
