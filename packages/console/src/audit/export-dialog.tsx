import { useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { serverNow } from '../base/clock.ts'
import { type Failure, failureOf } from '../base/failure.ts'
import { State } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-state.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { bytes, count, number } from '../ui/time-text.ts'
import { useWorkspace } from '../session/use-workspace.ts'
import { newestSeqOptions, trailPieces } from './audit.ts'
import { type Format, type Progress, collect, fileName, save } from './export.ts'

type Stage =
  | { at: 'start' }
  | { at: 'running'; progress: Progress }
  | { at: 'done'; progress: Progress; name: string }
  | { at: 'failed'; failure: Failure }

/** The whole trail as a file. Fetched in pieces, so that it can be any size, be seen growing and be stopped. */
export function ExportDialog({ onClose }: { onClose: () => void }) {
  const { workspaceId, workspace } = useWorkspace()
  const { data: total } = useQuery(newestSeqOptions(workspaceId))
  const [format, setFormat] = useState<Format>('csv')
  const [stage, setStage] = useState<Stage>({ at: 'start' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])
  const start = async (): Promise<void> => {
    const cancel = new AbortController()
    running.current = cancel
    let progress: Progress = { records: 0, bytes: 0 }
    setStage({ at: 'running', progress })
    try {
      const blob = await collect(format, trailPieces(workspaceId, format, cancel.signal), {
        signal: cancel.signal,
        onProgress: (next) => {
          progress = next
          setStage({ at: 'running', progress })
        },
      })
      const name = fileName(workspace.name, format, new Date(serverNow()))
      save(blob, name)
      setStage({ at: 'done', progress, name })
    } catch (error) {
      setStage(cancel.signal.aborted ? { at: 'start' } : { at: 'failed', failure: failureOf(error) })
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Export the audit trail"
      description={`All records of ${workspace.name}, oldest first, with everything needed to verify them. Filters of the list are not applied.`}
      actions={
        <Actions stage={stage} start={() => void start()} cancel={() => running.current?.abort()} close={onClose} />
      }
    >
      {(stage.at === 'start' || stage.at === 'failed') && (
        <>
          <Segmented
            label="Format"
            value={format}
            onChange={setFormat}
            options={[
              { value: 'csv', label: 'CSV' },
              { value: 'jsonl', label: 'JSON Lines' },
            ]}
          />
          <p className="mt-2 text-n11">
            {format === 'csv'
              ? 'For spreadsheets. Cells that look like formulas are escaped, so this file is for reading, not for verification.'
              : 'One record per line, exactly as hashed. Together with the checkpoints it can be verified anywhere, without this server.'}
          </p>
          {total !== undefined && (
            <p className="mt-2 text-sm text-n10">{count(total ?? 0, ['record', 'records'])} so far.</p>
          )}
        </>
      )}
      {stage.at === 'running' && <Bar progress={stage.progress} total={total ?? null} />}
      {stage.at === 'done' && (
        <div>
          <State tone="good">Saved</State>
          <p className="mt-2">
            {count(stage.progress.records, ['record', 'records'])}, {bytes(stage.progress.bytes)}, as{' '}
            <span className="font-mono text-xs">{stage.name}</span>
          </p>
          <p className="text-n11">You find it in this browser’s downloads.</p>
        </div>
      )}
      {stage.at === 'failed' && <ErrorNote failure={stage.failure} className="mt-3" />}
    </Dialog>
  )
}

interface ActionsProps {
  stage: Stage
  start: () => void
  cancel: () => void
  close: () => void
}

function Actions({ stage, start, cancel, close }: ActionsProps) {
  if (stage.at === 'running') return <Button onClick={cancel}>Cancel export</Button>
  if (stage.at === 'done')
    return (
      <Button look="primary" onClick={close}>
        Done
      </Button>
    )
  return (
    <>
      <Button onClick={close}>Close</Button>
      <Button look="primary" onClick={start}>
        <Download aria-hidden />
        {stage.at === 'failed' ? 'Try again' : 'Export'}
      </Button>
    </>
  )
}

function Bar({ progress, total }: { progress: Progress; total: number | null }) {
  const known = total !== null && total > 0
  return (
    <div aria-live="polite">
      <progress
        className="block h-2 w-full appearance-none overflow-hidden rounded-full bg-n4 [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-n4 [&::-webkit-progress-value]:rounded-full [&::-webkit-progress-value]:bg-accent"
        aria-label="Export"
        {...(known && { max: total, value: Math.min(progress.records, total) })}
      />
      <p className="mt-2 text-n11">
        {number(progress.records)}
        {known && ` of ${number(total)}`} records · {bytes(progress.bytes)}
      </p>
    </div>
  )
}
