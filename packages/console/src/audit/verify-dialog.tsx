import { useQuery } from '@tanstack/react-query'
import { Download, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { serverNow } from '../base/clock.ts'
import { failureOf } from '../base/failure.ts'
import { client, trpc } from '../session/trpc.ts'
import { State } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { CopyButton, CopyId } from '../ui/copy.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-state.tsx'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { Fact, Facts } from '../ui/surface.tsx'
import { Table, Td, Th, Tr } from '../ui/table.tsx'
import { count, number } from '../ui/time-text.ts'
import { Time } from '../ui/time.tsx'
import { toast } from '../ui/toast.ts'
import { useWorkspace } from '../session/use-workspace.ts'
import { type ChainReport, type Checkpoint, findingLabels } from './audit.ts'
import { fileName, save } from './export.ts'

/** Follows the whole chain on the server and says whether it holds together. */
export function VerifyDialog({ onClose }: { onClose: () => void }) {
  const { workspaceId } = useWorkspace()
  const { data, error, isFetching, refetch, dataUpdatedAt } = useQuery({
    ...trpc.audit.verify.queryOptions({ id: workspaceId }),
    // Opening it is asking: an answer of before is no answer.
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
    refetchOnWindowFocus: false,
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="wide"
      title="Verify audit trail"
      description="Every record contains the hash of the one before. Steward checks the whole chain and compares it with the signed checkpoints."
      actions={
        <>
          <Button busy={isFetching} onClick={() => void refetch()}>
            {!isFetching && <RotateCw aria-hidden />}
            Verify again
          </Button>
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div aria-live="polite">
        {isFetching ? (
          <div className="rounded-lg border border-n5 p-4">
            <State tone="busy">Verifying the chain</State>
          </div>
        ) : error ? (
          <ErrorNote failure={failureOf(error)} />
        ) : (
          data && <Result report={data.report} at={new Date(dataUpdatedAt).toISOString()} />
        )}
      </div>
      <Checkpoints />
    </Dialog>
  )
}

function Result({ report, at }: { report: ChainReport; at: string }) {
  const { ok, records, seq, head, erased, checkpoints, finding } = report
  return (
    <div className={ok ? 'rounded-lg border border-good-border p-4' : 'rounded-lg border border-bad-border p-4'}>
      <p className="flex flex-wrap items-center gap-2">
        <State tone={ok ? 'good' : 'bad'}>{ok ? 'Intact' : 'Not intact'}</State>
        <span className="font-semibold">
          {finding
            ? `${findingLabels[finding.kind]} (record ${number(finding.seq)})`
            : `All ${count(records, ['record', 'records'])} are intact`}
        </span>
        <span className="ml-auto text-sm text-n10">
          verified <Time at={at} />
        </span>
      </p>
      {finding && (
        <>
          <Facts className="mt-3 grid-cols-[8rem_1fr]">
            <Fact name="First bad number">{number(finding.seq)}</Fact>
            <Fact name="Kind">
              <span className="font-mono text-xs">{finding.kind}</span>
            </Fact>
            <Fact name="Expected">
              <span className="font-mono text-xs break-all">{finding.expected}</span>
            </Fact>
            <Fact name="Found">
              <span className="font-mono text-xs break-all">{finding.found}</span>
            </Fact>
          </Facts>
          <p className="mt-3 text-n11">
            Everything before it is intact. Keep the data folder as it is, export the trail, and compare it with a
            backup and with the checkpoints kept elsewhere.
          </p>
        </>
      )}
      <Facts className="mt-3 grid-cols-[8rem_1fr]">
        <Fact name="Records read">{number(records)}</Fact>
        <Fact name="Last sound">
          {number(seq)} <CopyId id={head} />
        </Fact>
        <Fact name="Checkpoints">
          {checkpoints === 0 ? 'None signed yet' : `${number(checkpoints)} compared with the chain`}
        </Fact>
        <Fact name="Erased">
          {erased === 0
            ? 'None'
            : `${count(erased, ['record', 'records'])}${ok ? ', each with a recorded erasure' : ''}`}
        </Fact>
      </Facts>
    </div>
  )
}

const shownCheckpoints = 5

function Checkpoints() {
  const { workspaceId } = useWorkspace()
  const { data, error } = useQuery(
    trpc.audit.listCheckpoints.queryOptions({ id: workspaceId, pageSize: shownCheckpoints }),
  )
  return (
    <section className="mt-5">
      <header className="mb-1 flex items-center justify-between gap-2">
        <h3 className="font-semibold">Last signed checkpoints</h3>
        {data && data.checkpoints.length > 0 && <DownloadAll />}
      </header>
      {error ? (
        <ErrorNote failure={failureOf(error)} />
      ) : !data ? (
        <SkeletonLines />
      ) : data.checkpoints.length === 0 ? (
        <p className="text-n11">
          None yet. The head of the chain is signed every few minutes when there are new records.
        </p>
      ) : (
        <div className="overflow-hidden rounded-lg border border-n5">
          <Table>
            <thead className="bg-n2">
              <tr>
                <Th>Number</Th>
                <Th>Signed</Th>
                <Th>Head</Th>
                <Th>Key</Th>
              </tr>
            </thead>
            <tbody>
              {data.checkpoints.map((one) => (
                <Line key={`${one.seq} ${one.head}`} checkpoint={one} />
              ))}
            </tbody>
          </Table>
        </div>
      )}
    </section>
  )
}

function Line({ checkpoint: { seq, at, head, keyId, publicKey } }: { checkpoint: Checkpoint }) {
  return (
    <Tr>
      <Td>{number(seq)}</Td>
      <Td className="whitespace-nowrap">
        <Time at={at} />
      </Td>
      <Td>
        <CopyId id={head} />
      </Td>
      <Td>
        <span className="flex items-center justify-between gap-2">
          <CopyId id={keyId} />
          {publicKey ? (
            <CopyButton text={publicKey}>Copy public key</CopyButton>
          ) : (
            <span className="text-sm text-n10">Previous key</span>
          )}
        </span>
      </Td>
    </Tr>
  )
}

/** As lines of JSON, which the offline verifier takes beside the exported trail. */
function DownloadAll() {
  const { workspaceId, workspace } = useWorkspace()
  const [busy, setBusy] = useState(false)
  const download = async (): Promise<void> => {
    setBusy(true)
    try {
      const lines: string[] = []
      let nextToken: string | undefined
      do {
        const answer = await client.audit.listCheckpoints.query({
          id: workspaceId,
          pageSize: 100,
          ...(nextToken && { nextToken }),
        })
        lines.push(...answer.checkpoints.map((one) => `${JSON.stringify(one)}\n`))
        nextToken = answer.meta.nextToken
      } while (nextToken)
      save(
        new Blob(lines, { type: 'application/x-ndjson' }),
        fileName(workspace.name, 'jsonl', new Date(serverNow()), 'checkpoints'),
      )
    } catch (error) {
      toast({ title: failureOf(error).message, tone: 'bad' })
    }
    setBusy(false)
  }
  return (
    <Button size="small" look="ghost" busy={busy} onClick={() => void download()}>
      {!busy && <Download aria-hidden />}
      Download all
    </Button>
  )
}
