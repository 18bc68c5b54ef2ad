import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { Badge, State } from '../../ui/badge.tsx'
import { CopyId } from '../../ui/copy.tsx'
import { cx } from '../../ui/cx.ts'
import type { Column } from '../../page/list/list.types.ts'
import { Time } from '../../ui/time.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import type { BotSummary } from './bot.ts'
import { deployedLabel, typeLabels } from './bot-labels.ts'

// While one scrolls, the rows that stay in sight are not made anew.
const NameCell = memo(Name)
const TagsCell = memo(Tags)
const StateCell = memo(Deployed)
const TimeCell = memo(Time)
const TypeCell = memo(({ type }: Pick<BotSummary, 'type'>) => <Badge>{typeLabels[type]}</Badge>)

export const botColumns: readonly Column<BotSummary>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(9rem,1.1fr)',
    sort: 'name',
    ascendingFirst: true,
    cell: ({ id, name }) => <NameCell id={id} name={name} />,
  },
  { id: 'type', header: 'Type', width: '4.5rem', cell: (bot) => <TypeCell type={bot.type} /> },
  { id: 'tags', header: 'Tags', width: 'minmax(10rem,1.3fr)', wide: true, cell: (bot) => <TagsCell tags={bot.tags} /> },
  { id: 'state', header: 'State', width: '7.5rem', cell: ({ deployedAt }) => <StateCell at={deployedAt} /> },
  {
    id: 'deployed',
    header: 'Last deployed',
    width: '5.5rem',
    wide: true,
    cell: ({ deployedAt }) =>
      deployedAt ? <TimeCell at={deployedAt} className="text-n11" /> : <span className="text-n10">Never</span>,
  },
  {
    id: 'updated',
    header: 'Changed',
    width: '5.5rem',
    sort: 'updatedAt',
    cell: ({ updatedAt }) => <TimeCell at={updatedAt} className="text-n11" />,
  },
  {
    id: 'created',
    header: 'Created',
    width: '5.5rem',
    sort: 'createdAt',
    wide: true,
    cell: ({ createdAt }) => <TimeCell at={createdAt} className="text-n11" />,
  },
  { id: 'id', header: 'Id', width: '9rem', hidden: true, cell: ({ id }) => <CopyId id={id} /> },
]

function Name({ id, name }: Pick<BotSummary, 'id' | 'name'>) {
  return (
    <Link
      to="/w/$workspaceId/bots/$botId/overview"
      // The workspace is that of the page.
      params={(here) => ({ workspaceId: here.workspaceId ?? '', botId: id })}
      title={name}
      className="font-medium hover:underline hover:underline-offset-3"
      tabIndex={-1}
    >
      {name}
    </Link>
  )
}

export function Deployed({ at }: { at: string | undefined }) {
  return <State tone={at ? 'good' : 'neutral'}>{deployedLabel(at !== undefined)}</State>
}

/** As many as a row has room for; all of them on hover. */
function Tags({ tags }: { tags: Record<string, string> }) {
  const all = Object.entries(tags)
  const shown = all.slice(0, 2)
  if (all.length === 0) return null
  return (
    <span className="flex min-w-0 items-center gap-1">
      {shown.map(([key, value], index) => (
        <TagMark key={key} name={key} value={value} className={index === 0 ? 'max-w-32 shrink-0' : ''} />
      ))}
      {all.length > shown.length && (
        <Tooltip
          text={
            <span>
              {all
                .slice(shown.length)
                .map(([key, value]) => `${key}: ${value}`)
                .join(', ')}
            </span>
          }
        >
          <span className="shrink-0 text-xs text-n10">+{all.length - shown.length}</span>
        </Tooltip>
      )}
    </span>
  )
}

export function TagMark({ name, value, className }: { name: string; value: string; className?: string }) {
  return (
    <Badge className={cx('min-w-0 max-w-48 rounded-xs', className)}>
      <span className="truncate" title={`${name}: ${value}`}>
        <span className="text-n10">{name}</span> {value}
      </span>
    </Badge>
  )
}
