import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useWorkspace } from '../../session/use-workspace.ts'
import { Badge, State } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyId } from '../../ui/copy.tsx'
import { CopyAs } from '../../page/copy-as/copy-as.tsx'
import { requestOf } from '../../page/copy-as/request.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Fact, Facts } from '../../ui/surface.tsx'
import { count } from '../../ui/time-text.ts'
import { Time } from '../../ui/time.tsx'
import { type Bot, type BotSummary, botOptions } from './bot.ts'
import { Deployed, TagMark } from './bot-columns.tsx'
import { partsOf } from './parts.ts'
import { typeLabels } from './bot-labels.ts'
import { usePersonName } from '../../session/members.ts'

/** A bot beside the list: what the row knows at once, the rest a moment later. */
export function BotInspector({ id, row }: { id: string; row: BotSummary | undefined }) {
  const { workspaceId } = useWorkspace()
  const { data, error, refetch } = useQuery(botOptions(workspaceId, id))
  const known = data?.bot ?? row
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} className="px-0 py-8" />
  if (!known) return <SkeletonLines lines={6} />
  const params = { workspaceId, botId: id }
  return (
    <div className="flex flex-col gap-5">
      <div className="flex items-center gap-2">
        <Deployed at={known.deployedAt} />
        <Badge>{typeLabels[known.type]}</Badge>
        {data?.bot.dev && <State tone="info">Development</State>}
        <span className="ml-auto">
          <CopyAs request={requestOf(botOptions(workspaceId, id).queryKey)} />
        </span>
      </div>
      {data?.bot.description && <p className="text-n11">{data.bot.description}</p>}
      <Facts>
        <Fact name="Id">
          <CopyId id={id} />
        </Fact>
        <Fact name="Last deployed">{known.deployedAt ? <Time at={known.deployedAt} /> : 'Never'}</Fact>
        <Fact name="Changed">
          <Time at={known.updatedAt} />
        </Fact>
        <Fact name="Created">
          <Time at={known.createdAt} />
        </Fact>
        {data && <More bot={data.bot} />}
        <Fact name="Tags">
          <span className="flex flex-wrap gap-1">
            {Object.entries(known.tags).map(([key, value]) => (
              <TagMark key={key} name={key} value={value} />
            ))}
            {Object.keys(known.tags).length === 0 && <span className="text-n10">None</span>}
          </span>
        </Fact>
      </Facts>
      {!data && <SkeletonLines lines={2} />}
      <div className="flex flex-wrap gap-2">
        <Button asChild size="small">
          <Link to="/w/$workspaceId/bots/$botId/overview" params={params}>
            Open
          </Link>
        </Button>
        <Button asChild size="small" look="ghost">
          <Link to="/w/$workspaceId/bots/$botId/configuration" params={params}>
            Configuration
          </Link>
        </Button>
        <Button asChild size="small" look="ghost">
          <Link to="/w/$workspaceId/bots/$botId/versions" params={params}>
            Versions
          </Link>
        </Button>
      </div>
    </div>
  )
}

function More({ bot }: { bot: Bot }) {
  const { workspaceId } = useWorkspace()
  const personName = usePersonName(workspaceId)
  const parts = partsOf(bot).filter(({ size }) => size > 0)
  return (
    <>
      <Fact name="Created by">{personName(bot.createdBy)}</Fact>
      <Fact name="Definition">
        {parts.map(({ noun, size }) => count(size, noun)).join(', ') || <span className="text-n10">Nothing yet</span>}
      </Fact>
      <Fact name="Secrets">{bot.secrets.join(', ') || <span className="text-n10">None</span>}</Fact>
    </>
  )
}
