import { queryOptions } from '@tanstack/react-query'
import type { RouterOutputs } from '@steward/api'
import { serverNow } from '../base/clock.ts'
import { client, trpc } from '../session/trpc.ts'

export type BotSummary = RouterOutputs['bot']['list']['bots'][number]
export type AuditRecord = RouterOutputs['audit']['list']['records'][number]

const hour = 3_600_000
const day = 24 * hour

export function latestBotsOptions(workspaceId: string) {
  return trpc.bot.list.queryOptions({ workspaceId, pageSize: 100, sortField: 'updatedAt', sortDirection: 'desc' })
}

export interface LastDay {
  records: AuditRecord[]
  /** There were more than were read. */
  more: boolean
  /** The day's beginning, milliseconds. */
  from: number
}

/** Pages of a hundred that the last day is read from, at most. */
const mostPages = 10

/** What was recorded in the last 24 hours, newest first. */
export function lastDayOptions(workspaceId: string) {
  return queryOptions({
    queryKey: [...trpc.audit.list.queryKey({ id: workspaceId }), 'last day'],
    queryFn: async ({ signal }): Promise<LastDay> => {
      // Whole hours, so that the bars are whole too; the last one is still growing.
      const from = Math.floor(serverNow() / hour) * hour - 23 * hour
      const input = { id: workspaceId, from: new Date(from).toISOString(), pageSize: 100 }
      const records: AuditRecord[] = []
      let nextToken: string | undefined
      for (let page = 0; page < mostPages; page++) {
        const answer = await client.audit.list.query({ ...input, ...(nextToken && { nextToken }) }, { signal })
        records.push(...answer.records)
        nextToken = answer.meta.nextToken
        if (!nextToken) break
      }
      return { records, more: nextToken !== undefined, from }
    },
    staleTime: 30_000,
  })
}

export interface Bar {
  /** The hour's beginning, milliseconds. */
  at: number
  count: number
}

/** Records by hour, oldest first; the last hour is the present one. */
export function barsOf({ records, from }: Pick<LastDay, 'records' | 'from'>): Bar[] {
  const bars = Array.from({ length: 24 }, (_, index) => ({ at: from + index * hour, count: 0 }))
  for (const { recordedAt } of records) {
    const bar = bars[Math.floor((Date.parse(recordedAt) - from) / hour)]
    if (bar) bar.count++
  }
  return bars
}

export interface Concern {
  id: string
  text: string
  at: string
  kind: 'invitation' | 'expired invitation' | 'token'
}

type Invitation = RouterOutputs['member']['listInvitations']['invitations'][number]
type Token = RouterOutputs['me']['listTokens']['pats'][number]

/** Days ahead of which an ending token is worth a word. */
const notice = 14

/** What waits for a person, most urgent first. @param now milliseconds. */
export function concernsOf(
  { invitations, tokens }: { invitations: readonly Invitation[]; tokens: readonly Token[] },
  now: number,
): Concern[] {
  const ending = tokens.flatMap(({ id, note, expiresAt }): Concern[] => {
    if (!expiresAt || Date.parse(expiresAt) > now + notice * day || Date.parse(expiresAt) < now) return []
    return [{ id, text: note || 'Token without a note', at: expiresAt, kind: 'token' }]
  })
  const open = invitations.map(({ id, email, expiresAt, expired }): Concern => ({
    id,
    text: email,
    at: expiresAt,
    kind: expired ? 'expired invitation' : 'invitation',
  }))
  return [...ending, ...open].toSorted((a, b) => a.at.localeCompare(b.at))
}
