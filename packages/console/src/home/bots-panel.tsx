import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Bot } from 'lucide-react'
import { State } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../page/empty-state.tsx'
import { ErrorState } from '../ui/error-state.tsx'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { Surface } from '../ui/surface.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { typeLabels } from '../bots/bot/bot-labels.ts'
import { useWorkspace } from '../session/use-workspace.ts'
import { type BotSummary, latestBotsOptions } from './home.ts'

/** As many as a screen of 800 pixels shows. */
const shown = 12

export function BotsPanel() {
  const { workspaceId } = useWorkspace()
  const { data, error, refetch } = useQuery(latestBotsOptions(workspaceId))
  return (
    <Surface
      title="Bots"
      flush
      action={
        <Button asChild look="link" size="inline">
          <Link to="/w/$workspaceId/bots" params={{ workspaceId }}>
            All bots
          </Link>
        </Button>
      }
    >
      {error && !data ? (
        <ErrorState error={error} retry={() => void refetch()} className="py-8" />
      ) : !data ? (
        <div className="p-4">
          <SkeletonLines lines={6} />
        </div>
      ) : data.bots.length === 0 ? (
        <NoBots workspaceId={workspaceId} />
      ) : (
        <BotTable bots={data.bots.slice(0, shown)} workspaceId={workspaceId} />
      )}
    </Surface>
  )
}

function NoBots({ workspaceId }: { workspaceId: string }) {
  const { may } = useWorkspace()
  return (
    <EmptyState
      icon={Bot}
      title="No bots yet"
      className="py-10"
      {...(may('bot.create') && {
        action: (
          <Button asChild look="primary">
            <Link to="/w/$workspaceId/bots" params={{ workspaceId }} search={{ do: 'create' }}>
              New bot
            </Link>
          </Button>
        ),
        request: { path: 'bot.create', input: { workspaceId, name: 'greeter' } },
      })}
    >
      A bot is what people talk to: its configuration, its code and its versions. The first one can come from here or
      from your terminal.
    </EmptyState>
  )
}

function BotTable({ bots, workspaceId }: { bots: readonly BotSummary[]; workspaceId: string }) {
  return (
    <Table>
      <thead className="bg-n2">
        <tr>
          <Th>Name</Th>
          <Th className="hidden @lg:table-cell">Type</Th>
          <Th>State</Th>
          <Th>Last deployed</Th>
          <Th className="hidden text-right @xl:table-cell">Updated</Th>
        </tr>
      </thead>
      <tbody>
        {bots.map(({ id, name, type, deployedAt, updatedAt }) => (
          <Tr key={id} className="hover:bg-n2">
            <Td className="max-w-0 min-w-40 truncate font-medium">
              <Link
                title={name}
                to="/w/$workspaceId/bots/$botId/overview"
                params={{ workspaceId, botId: id }}
                className="hover:underline hover:underline-offset-3"
              >
                {name}
              </Link>
            </Td>
            <Td className="hidden w-20 text-n11 @lg:table-cell">{typeLabels[type]}</Td>
            <Td className="w-32">
              {deployedAt ? <State tone="good">Deployed</State> : <State tone="neutral">Not deployed</State>}
            </Td>
            <Td className="w-32 whitespace-nowrap text-n11">{deployedAt ? <Time at={deployedAt} /> : 'Never'}</Td>
            <Td className="hidden w-28 text-right whitespace-nowrap text-n11 @xl:table-cell">
              <Time at={updatedAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}
