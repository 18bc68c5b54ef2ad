import { Link, type LinkProps } from '@tanstack/react-router'
import { Clock, PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { connection } from '../session/connection.ts'
import type { CommandId } from '../commands/command.ts'
import type { Section } from '../commands/feature.ts'
import { commands, sections } from './features.ts'
import { cx } from '../ui/cx.ts'
import { Button } from '../ui/button.tsx'
import { zoneHere } from '../ui/time-text.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import { useMayHere } from '../session/use-workspace.ts'
import { ConnectionState } from './connection-state.tsx'
import { WorkspaceSwitcher } from './workspace-switcher.tsx'

/** Whether a section is of no workspace. */
const ofAll = (to: Section['to']): boolean => !to.startsWith('/w/')

/** The sections that exist and that the role may enter. */
export function Rail({ folded, onToggle }: { folded: boolean; onToggle: () => void }) {
  const { workspaceId, may } = useMayHere()
  const Toggle = folded ? PanelLeftOpen : PanelLeftClose
  return (
    <nav
      aria-label="Sections"
      className={cx('flex shrink-0 flex-col border-r border-n5 bg-n2 transition-[width]', folded ? 'w-13' : 'w-56')}
    >
      <div className="flex h-12 shrink-0 items-center border-b border-n5 px-2">
        <WorkspaceSwitcher folded={folded} />
      </div>
      <ul className="flex flex-1 flex-col gap-0.5 p-2">
        {sections
          .filter(({ to, permission }) => ofAll(to) || (workspaceId !== null && (!permission || may(permission))))
          .map(({ to, label, icon, command }) => (
            <RailLink
              key={to}
              link={workspaceId === null ? { to } : { to, params: { workspaceId } }}
              label={label}
              icon={icon}
              keys={commands[command as CommandId].keys}
              folded={folded}
              apart={ofAll(to)}
            />
          ))}
      </ul>
      <div
        className={cx('flex shrink-0 gap-1 p-2', folded ? 'flex-col items-center' : 'items-end justify-between pl-3')}
      >
        <div className={cx('flex min-w-0 flex-col', folded && 'items-center')}>
          <Zone folded={folded} />
          <ConnectionState connection={connection} folded={folded} />
        </div>
        <Tooltip text={folded ? 'Expand the sidebar' : 'Collapse the sidebar'} keys="[" side="right">
          <Button
            look="ghost"
            size="smallIcon"
            onClick={onToggle}
            aria-label={folded ? 'Expand the sidebar' : 'Collapse the sidebar'}
          >
            <Toggle aria-hidden />
          </Button>
        </Tooltip>
      </div>
    </nav>
  )
}

/** In which zone every time on the page is, said once for all of them. */
function Zone({ folded }: { folded: boolean }) {
  const { name, short } = zoneHere()
  return (
    <Tooltip
      text={name === 'UTC' ? 'All times are in UTC' : `All times are in ${name}; hover over a time for UTC`}
      side="right"
    >
      <span tabIndex={0} className="inline-flex h-6 min-w-0 items-center gap-1.5 rounded-xs text-xs text-n10">
        {folded ? (
          <>
            <span className="sr-only">Times are in</span>
            {short}
          </>
        ) : (
          <>
            <Clock className="size-3.5 shrink-0" aria-hidden />
            <span className="truncate">Times in {name}</span>
          </>
        )}
      </span>
    </Tooltip>
  )
}

interface RailLinkProps {
  link: LinkProps
  label: string
  icon: LucideIcon
  keys: string | undefined
  folded: boolean
  /** A line above it. */
  apart?: boolean
}

function RailLink({ link, label, icon: Icon, keys, folded, apart }: RailLinkProps) {
  return (
    <li className={cx(apart && 'mt-1.5 border-t border-n5 pt-2')}>
      <Tooltip text={label} keys={keys} side="right">
        <Link
          {...link}
          aria-label={folded ? label : undefined}
          className="flex h-8 items-center gap-2.5 rounded-sm px-2.5 text-n11 transition-colors hover:bg-n3 hover:text-n12 data-[status=active]:bg-n4 data-[status=active]:font-medium data-[status=active]:text-n12"
        >
          <Icon className="size-4 shrink-0 stroke-[1.75]" aria-hidden />
          {!folded && label}
        </Link>
      </Tooltip>
    </li>
  )
}
