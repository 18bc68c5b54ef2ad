import { useIsFetching, useQuery } from '@tanstack/react-query'
import { Cloud, CloudOff, HardDrive } from 'lucide-react'
import type { Connection } from '../session/connection.ts'
import { failureOf } from '../base/failure.ts'
import { meOptions } from '../session/me.ts'
import { cx } from '../ui/cx.ts'
import { useLasting } from '../ui/lasting.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import { useLiveState } from '../session/live.ts'

/** Whose data this is, and whether it can be reached now. */
export function ConnectionState({ connection, folded }: { connection: Connection; folded: boolean }) {
  // Watched for its failures: every page refreshes it now and then.
  const { error } = useQuery({ ...meOptions(), refetchInterval: 60_000 })
  const busy = useIsFetching() > 0
  const live = useLiveState()
  const lost = error !== null && failureOf(error).type === 'Offline'
  const broken = useLasting(live === 'connecting', 2_000)
  const Icon = lost || broken ? CloudOff : connection.kind === 'local' ? HardDrive : Cloud
  const name = connection.kind === 'local' ? 'This computer' : connection.name
  return (
    <Tooltip
      text={
        lost
          ? `${name} does not answer`
          : broken
            ? `Trying to reach ${name} again`
            : connection.kind === 'local'
              ? 'Data on this computer, no server'
              : `Connected to ${name}`
      }
      side="right"
    >
      <span
        tabIndex={0}
        role="status"
        className={cx(
          'inline-flex h-7 min-w-0 items-center gap-1.5 rounded-xs text-xs',
          lost ? 'text-bad' : broken ? 'text-warn' : 'text-n10',
        )}
      >
        <Icon className={cx('size-3.5 shrink-0', busy && 'opacity-70')} aria-hidden />
        <span className={cx('truncate', folded && 'sr-only')}>
          {lost ? 'No connection' : broken ? 'Reconnecting…' : name}
        </span>
      </span>
    </Tooltip>
  )
}
