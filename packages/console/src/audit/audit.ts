import { queryOptions } from '@tanstack/react-query'
import type { RouterInputs, RouterOutputs } from '@steward/api'
import { client, trpc } from '../session/trpc.ts'
import type { Format, Piece } from './export.ts'

export type AuditRecord = RouterOutputs['audit']['list']['records'][number]
export type RecordDetails = RouterOutputs['audit']['describe']['record']
export type ChainReport = RouterOutputs['audit']['verify']['report']
export type Checkpoint = RouterOutputs['audit']['listCheckpoints']['checkpoints'][number]
export type AuditListQuery = RouterInputs['audit']['list']

/** The number of the newest record, which is how many there are: the chain counts from one. Null for an empty trail. */
export function newestSeqOptions(workspaceId: string) {
  return queryOptions({
    queryKey: [...trpc.audit.list.queryKey({ id: workspaceId }), 'newest'],
    queryFn: async ({ signal }) => {
      const { records } = await client.audit.list.query({ id: workspaceId, pageSize: 1 }, { signal })
      const [newest] = records
      if (!newest) return null
      const { record } = await client.audit.describe.query({ id: workspaceId, recordId: newest.id }, { signal })
      return record.seq
    },
    staleTime: 0,
  })
}

/** The trail's file, piece by piece: each call gives the piece that a token names, the first one without. */
export function trailPieces(workspaceId: string, format: Format, signal: AbortSignal) {
  return async (nextToken: string | null): Promise<Piece> => {
    const { text, meta } = await client.audit.export.query(
      { id: workspaceId, format, ...(nextToken !== null && { nextToken }) },
      { signal },
    )
    return { text, nextToken: meta.nextToken ?? null }
  }
}

/** "Created a bot". */
export function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What is wrong with a chain, for people: a finding's kind. */
export const findingLabels: Record<NonNullable<ChainReport['finding']>['kind'], string> = {
  edited: 'A record was changed after it was written',
  deleted: 'A record is missing',
  inserted: 'A record was inserted later',
  swapped: 'Records were reordered',
  cut: 'The end of the trail is missing',
  erased: 'Personal data is missing without a recorded erasure',
  rewritten: 'The trail was rewritten: it no longer matches a signed checkpoint',
  checkpoint: 'A checkpoint’s signature does not match',
  head: 'The end of the trail is not what was last written',
}
